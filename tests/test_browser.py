"""The page in a real browser: a person draws, edits, enlarges, reloads, stops, branches. Chromium, nothing faked in it.

The server is real; its agent is scripted (`webserver.ScriptedAgent`) where what is tested is the page, and everything
is real in `test_three_pictures_with_everything_real`. No request may leave this machine: every test watches.
"""

from __future__ import annotations

import io
import os
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

pytest.importorskip("playwright.sync_api")
from chromium import ROOT, Server, idle, keep, say, settle, visit
from playwright.sync_api import Browser, BrowserContext, Page, expect
from terminal import png

from storage.library import Library
from storage.records import TurnState
from ui.web.view import EARLIER, NEWEST

pytestmark = pytest.mark.slow

SLOWLY = 0.08  # seconds a step of the scripted painter
REAL = 240_000  # milliseconds: two cores may be busy with other things


def scripted(data: Path, port: int = 0, step: float = SLOWLY) -> Server:
    command = [sys.executable, "tests/webserver.py", "--data", str(data), "--port", str(port), "--step", str(step)]
    return Server(
        command, {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]), "OMP_NUM_THREADS": "1"}
    )


@pytest.fixture(scope="module")
def server_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def server(server_data: Path) -> Iterator[Server]:
    started = scripted(server_data)
    yield started
    output = started.stop()
    assert output.count("Traceback") == output.count("RuntimeError: a scripted fault"), output


@pytest.fixture
def page(context: BrowserContext, server: Server) -> Page:
    page = context.new_page()
    visit(page, server.address)
    return page


def card(page: Page, handle: int):
    return page.locator(f'.easel-card[data-handle="{handle}"]')


def draw(page: Page, text: str = "draw a red fox in the snow", handle: int = 1) -> None:
    say(page, text)
    expect(card(page, handle)).to_be_visible()
    idle(page)


def test_a_drawing_shows_progress_and_a_preview_then_the_picture(page: Page) -> None:
    say(page, "slowly draw a red fox in the snow")
    expect(page.locator(".easel-working [role=progressbar]")).to_be_visible()
    expect(page.locator(".easel-working img")).to_be_visible()
    expect(page.locator("#stop-button")).to_be_visible()
    keep(page, "working")
    expect(card(page, 1)).to_contain_text("draw a red fox in the snow")
    expect(page.locator(".easel-working")).to_have_count(0)
    loaded = card(page, 1).locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)")
    assert loaded == 128


def test_a_picture_that_is_shown_again_is_there_twice_also_after_a_reload(page: Page) -> None:
    draw(page)
    say(page, "show it")
    expect(card(page, 1)).to_have_count(2)
    idle(page)
    page.reload()
    settle(page)
    expect(card(page, 1)).to_have_count(2)
    card(page, 1).last.get_by_role("button", name="Vary").click()
    expect(card(page, 2)).to_be_visible()


def test_three_pictures_with_their_lineage_and_buttons_are_there_after_a_reload(page: Page) -> None:
    draw(page)
    draw(page, "make it night", 2)
    draw(page, "upscale it", 3)
    address = page.url
    assert "/thread/" in address
    page.reload()
    settle(page)
    expect(page.locator(".easel-card[data-handle]")).to_have_count(3)
    expect(card(page, 2)).to_contain_text("edit of #1")
    expect(card(page, 3)).to_contain_text("enlargement of #2")
    expect(card(page, 3)).to_contain_text("512 × 512")
    expect(page.get_by_text("Painted “draw a red fox in the snow”")).to_be_visible()
    expect(page.get_by_text("Here is #3.")).to_be_visible()
    keep(page, "reloaded")
    card(page, 1).get_by_role("button", name="Vary").click()
    expect(card(page, 4)).to_contain_text("variation of #1")
    idle(page)
    expect(page.locator("#thread-history")).to_contain_text("draw a red fox")


def test_earlier_messages_of_a_long_session_come_when_asked_for_and_nothing_in_sight_moves(
    page: Page, server: Server, server_data: Path
) -> None:
    with Library.open(server_data / "easel.db") as library:
        session = library.create_session(library.user("local").id, "long")
        for number in range(1, NEWEST + EARLIER + 6):
            turn = library.begin_turn(session.id, f"word {number}")
            library.finish_turn(turn.id, TurnState.DONE)
    address = f"{server.address}/thread/{session.id}"
    visit(page, address)
    said = page.locator("[data-step-type=user_message]")
    expect(said).to_have_count(NEWEST)
    more = page.get_by_role("button", name="Show earlier messages")
    expect(more).to_contain_text(f"{EARLIER + 5} more")
    for left in (5, 0):
        more.scroll_into_view_if_needed()
        more.focus()
        page.wait_for_timeout(500)
        text = said.first.inner_text()
        there = page.get_by_text(text, exact=True)
        at = there.bounding_box()
        page.keyboard.press("Enter")
        expect(said).to_have_count(NEWEST + EARLIER + 5 - left)
        expect(there).to_be_in_viewport()
        page.wait_for_timeout(500)
        assert at and abs((there.bounding_box() or at)["y"] - at["y"]) < 2
        if left:
            expect(more).to_contain_text("5 more")
    expect(more).to_have_count(0)
    expect(page.locator(":focus")).to_contain_text(text)
    say(page, "draw a hen")  # what was asked for stays while the session goes on
    expect(card(page, 1)).to_be_visible()
    idle(page)
    expect(said).to_have_count(NEWEST + EARLIER + 6)
    page.reload()
    expect(said).to_have_count(NEWEST)
    expect(card(page, 1)).to_be_in_viewport()


def test_a_session_opens_though_the_page_connected_before_it_knew_which(page: Page) -> None:
    draw(page)
    waiting = []

    def late(route) -> None:
        """A slow machine: of the page's two connections the one begun first comes last."""
        waiting.append(route)
        if len(waiting) == 2:
            waiting[1].continue_()
            page.wait_for_timeout(500)
            waiting[0].continue_()

    page.route("**/set-session-cookie", late, times=2)
    page.reload()
    expect(card(page, 1)).to_be_visible()
    assert len(waiting) == 2
    draw(page, "make it night", 2)


def test_details_show_the_whole_recipe(page: Page) -> None:
    draw(page)
    card(page, 1).get_by_role("button", name="Details").click()
    details = card(page, 1).locator(".easel-details")
    for shown in ("Prompt", "draw a red fox in the snow", "Seed", "Steps", "Made by", "SHA-256"):
        expect(details).to_contain_text(shown)
    keep(page, "details")


def test_an_edit_may_be_kept_to_a_marked_region(page: Page) -> None:
    draw(page)
    card(page, 1).get_by_role("button", name="Edit…").click()
    card(page, 1).locator(".easel-marker").hover()  # once it stands still
    box = card(page, 1).locator(".easel-marker").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.9, steps=4)
    page.mouse.up()
    expect(card(page, 1)).to_contain_text("Only the marked part will change")
    card(page, 1).locator(".easel-edit input").fill("make it green")
    keep(page, "edit")
    page.keyboard.press("Enter")
    expect(card(page, 2)).to_contain_text("edit of #1")
    idle(page)
    card(page, 2).get_by_role("button", name="Details").click()
    marked = re.compile(r"0\.2[4-6], 0\.(49|5[0-2]), 0\.7[4-6], 0\.(89|9[0-2])")  # the page may still glide a pixel
    expect(card(page, 2).locator(".easel-details")).to_contain_text(marked)
    expect(card(page, 2).locator(".easel-changed i")).to_be_visible()
    expect(page.locator("[data-step-type=user_message]").last).to_have_text("Marked part of #1: make it green")
    expect(page.get_by_text("Edited a part of #1: “make it green”")).to_be_visible()


def test_select_makes_it_mean_that_picture_in_every_tab(page: Page, context: BrowserContext) -> None:
    draw(page)
    draw(page, "draw a blue boat", 2)
    other = context.new_page()
    visit(other, page.url)
    card(page, 1).get_by_role("button", name="Select").click()
    expect(card(page, 1)).to_have_attribute("data-selected", "true")
    expect(card(other, 1)).to_have_attribute("data-selected", "true")
    other.reload()
    settle(other)
    expect(card(other, 1)).to_have_attribute("data-selected", "true")
    draw(page, "make it night", 3)
    expect(card(page, 3)).to_contain_text("edit of #1")
    expect(card(page, 1)).to_have_attribute("data-selected", "false")


def test_two_tabs_show_the_same_turn(page: Page, context: BrowserContext) -> None:
    draw(page)
    other = context.new_page()
    visit(other, page.url)
    expect(card(other, 1)).to_be_visible()
    say(other, "draw 2 foxes slowly")
    expect(page.locator("#stop-button")).to_be_visible()
    expect(page.locator(".easel-working")).to_be_visible()
    expect(card(page, 3)).to_be_visible()
    expect(card(other, 3)).to_be_visible()
    expect(page.get_by_text("draw 2 foxes slowly", exact=True).first).to_be_visible()


def test_a_reload_in_the_middle_of_a_turn_loses_nothing(page: Page) -> None:
    say(page, "draw 3 foxes slowly")
    expect(page.locator(".easel-working")).to_be_visible()
    page.wait_for_url("**/thread/*")
    page.reload()
    page.wait_for_selector(".easel-working")
    expect(page.locator("#stop-button")).to_be_visible()
    expect(card(page, 3)).to_be_visible(timeout=60_000)
    idle(page)
    expect(page.get_by_text("Here is #1 and #2 and #3.")).to_be_visible()


def test_stop_ends_the_turn_and_the_session_goes_on(page: Page) -> None:
    say(page, "draw 2 foxes slowly")
    expect(page.locator(".easel-working")).to_be_visible()
    page.locator("#stop-button").click()
    expect(page.get_by_text("Stopped.")).to_be_visible()
    expect(page.locator(".easel-working")).to_have_count(0)
    idle(page)
    page.reload()
    settle(page)
    expect(page.get_by_text("Stopped.")).to_be_visible()
    before = page.locator(".easel-card[data-handle]").count()
    draw(page, "draw a boat", before + 1)


def test_a_button_that_is_pressed_while_a_turn_runs_waits_for_it(page: Page) -> None:
    draw(page)
    say(page, "draw a cow slowly")
    expect(page.locator(".easel-working")).to_be_visible()
    card(page, 1).get_by_role("button", name="Enlarge").dblclick()
    expect(waiting(page)).to_have_text(["Enlarge #1×"])
    expect(card(page, 3)).to_contain_text("enlargement of #1")
    idle(page)


def test_a_question_is_answered_with_a_button(page: Page) -> None:
    say(page, "what should I paint?")
    expect(page.get_by_text("Which animal?")).to_be_visible()
    keep(page, "question")
    page.get_by_role("button", name="draw a cat").click()
    expect(card(page, 1)).to_contain_text("draw a cat")


def test_a_refusal_shows_its_category_and_a_rewording_that_works(page: Page) -> None:
    say(page, "a naked person")
    expect(page.locator(".easel-refusal")).to_contain_text("sexual")
    idle(page)
    page.reload()
    settle(page)
    expect(page.locator(".easel-refusal")).to_contain_text("sexual")
    keep(page, "refusal")
    page.get_by_role("button", name="draw a person in a coat").click()
    expect(card(page, 1)).to_be_visible()


def test_a_dropped_picture_becomes_the_next_handle(page: Page) -> None:
    page.set_input_files("input[type=file] >> nth=0", {"name": "my cat.png", "mimeType": "image/png", "buffer": png()})
    say(page, "make it night")
    expect(card(page, 1)).to_contain_text("uploaded")
    expect(card(page, 2)).to_contain_text("edit of #1")
    idle(page)
    page.reload()
    settle(page)
    expect(card(page, 1)).to_contain_text("my cat.png")
    keep(page, "upload")


def test_a_message_that_is_too_long_is_given_back_and_not_shown(page: Page) -> None:
    draw(page)
    words = "now make it " + "very " * 830 + "blue"
    page.locator("#chat-input").click()
    page.keyboard.insert_text(words)
    page.keyboard.press("Enter")
    expect(page.get_by_text("please say it otherwise")).to_be_visible()
    expect(page.locator("#chat-input")).to_have_text(words)
    expect(page.locator(".message-content", has_text="very very")).to_have_count(0)
    for key in ("Control+a", "Backspace"):
        page.keyboard.press(key)
    draw(page, "make it night", 2)


@pytest.mark.parametrize("seconds", [0.3, 6.0])  # before the page knows that the server is back, and after
def test_a_message_whose_picture_a_restart_has_forgotten_does_nothing_and_is_given_back(
    seconds: float, browser: Browser, tmp_path: Path
) -> None:
    started = scripted(tmp_path)
    page = browser.new_page()
    try:
        visit(page, started.address)
        draw(page)
        mine = {"name": "mine.png", "mimeType": "image/png", "buffer": png()}
        page.set_input_files("input[type=file] >> nth=0", mine)
        expect(page.locator("#message-composer img")).to_be_visible()
        port = int(started.address.rsplit(":", 1)[1])
        started.kill()
        started = scripted(tmp_path, port)
        page.wait_for_timeout(1000 * seconds)
        say(page, "make it night")
        told = "attach it again"  # by the server, or by the page where Chainlit has forgotten it already
        expect(page.get_by_text(told).or_(page.locator(f"#message-composer[data-easel*='{told}']"))).to_be_visible()
        expect(page.locator("#chat-input")).to_have_text("make it night")
        expect(card(page, 2)).to_have_count(0)
    finally:
        page.close()
        started.stop()


def test_a_page_follows_what_another_server_does_stops_it_and_hears_of_its_death(
    browser: Browser, tmp_path: Path
) -> None:
    one, two = scripted(tmp_path), scripted(tmp_path)
    page, other = browser.new_page(), browser.new_page()
    try:
        visit(page, one.address)
        draw(page)
        page.wait_for_url("**/thread/*")
        visit(other, two.address)  # which signs in
        visit(other, page.url.replace(one.address, two.address))
        expect(card(other, 1)).to_be_visible()
        draw(page, "make it night", 2)
        expect(card(other, 2)).to_be_visible()
        idle(other)
        say(page, "draw 8 foxes slowly")
        expect(other.locator("#stop-button")).to_be_visible()
        one.kill()
        expect(other.get_by_text("Easel was closed before this turn had finished")).to_be_visible()
        idle(other)
        one = scripted(tmp_path, int(one.address.rsplit(":", 1)[1]))
        visit(page, page.url)
        with Library.open(tmp_path / "easel.db") as library:
            library.delete_session(library.user("local").id, page.url.rsplit("/", 1)[1])
        for each, server in ((page, one), (other, two)):
            expect(each).to_have_url(f"{server.address}/")
    finally:
        page.close()
        other.close()
        for server in (one, two):
            server.stop()


def test_a_broken_file_is_refused_with_a_sentence(page: Page) -> None:
    broken = {"name": "cat.png", "mimeType": "image/png", "buffer": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}
    page.set_input_files("input[type=file] >> nth=0", broken)
    expect(page.get_by_text("“cat.png”")).to_be_visible()


def test_a_branch_starts_from_a_turn_with_the_same_handles(page: Page) -> None:
    draw(page)
    draw(page, "make it night", 2)
    first = page.url
    card(page, 1).get_by_role("button", name="Branch").click()
    page.wait_for_url(lambda url: "/thread/" in url and url != first)
    settle(page)
    expect(card(page, 1)).to_be_visible()
    expect(card(page, 2)).to_have_count(0)
    told = ["The session will be deleted for good. 1 picture stays in other sessions."]
    told += ["The session and its picture will be deleted for good. 1 more stays in other sessions."]
    for sentence in told:
        page.locator("#thread-history li", has_text="Branch:").first.locator("#thread-options").click()
        page.get_by_role("menuitem", name="Delete").click()
        expect(page.locator("[role=alertdialog]")).to_contain_text(sentence)
        page.keyboard.press("Escape")
        if sentence == told[0]:
            draw(page, "make it green", 2)


def test_a_session_is_renamed_and_deleted(page: Page) -> None:
    draw(page, "draw a purple whale")
    row = page.locator("#thread-history li", has_text="purple whale").first
    row.locator("#thread-options").click()
    page.get_by_role("menuitem", name="Rename").click()
    page.locator("input#name").fill("My whale")
    page.locator("[role=dialog] button", has_text="Confirm").click()
    expect(page.locator("#thread-history")).to_contain_text("My whale")
    page.reload()
    settle(page)
    row = page.locator("#thread-history li", has_text="My whale").first
    row.locator("#thread-options").click()
    page.get_by_role("menuitem", name="Delete").click()
    dialog = page.locator("[role=alertdialog]")
    expect(dialog).to_contain_text("Delete “My whale”?")
    expect(dialog).to_contain_text("The session and its picture will be deleted for good.")
    keep(page, "delete")
    page.keyboard.press("Escape")
    expect(row.locator("#thread-options")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="Delete").click()
    dialog.get_by_role("button", name="Delete").click()
    expect(page.locator("#thread-history")).not_to_contain_text("My whale")


def test_a_deleted_session_is_left_by_every_page_that_shows_it(page: Page, context: BrowserContext) -> None:
    draw(page, "draw a pink heron")
    other = context.new_page()
    other.goto(page.url)
    settle(other)
    row = page.locator("#thread-history li", has_text="pink heron").first
    row.locator("#thread-options").focus()
    page.keyboard.press("Enter")  # no mouse is needed
    page.get_by_role("menuitem", name="Delete").click()
    page.locator("[role=alertdialog] button", has_text="Delete").click()
    for each in (page, other):
        expect(each).to_have_url(re.compile(r":\d+/$"))
        expect(each.locator("#thread-history")).not_to_contain_text("pink heron")
    draw(other, "draw a green heron")


def test_what_was_not_sent_to_a_deleted_session_is_at_the_welcome(page: Page, context: BrowserContext) -> None:
    draw(page, "draw a pink ibis")
    other = context.new_page()
    visit(other, page.url)
    other.locator("#chat-input").fill("half a wish")
    other.evaluate(  # not waited for: the page goes on to the welcome meanwhile
        "void fetch('/project/thread', {method: 'DELETE', headers: {'content-type': 'application/json'},"
        " body: JSON.stringify({threadId: location.pathname.split('/').pop()})})"
    )
    expect(other).to_have_url(re.compile(r":\d+/$"))
    expect(other.locator("#chat-input")).to_have_value("half a wish")
    expect(other.locator("#message-composer")).to_have_attribute("data-easel", re.compile("session was deleted"))
    expect(page).to_have_url(re.compile(r":\d+/$"))
    expect(page.get_by_text("That session is not here")).to_have_count(0)


def test_a_session_that_begins_with_small_talk_is_called_by_its_first_wish(page: Page) -> None:
    say(page, "hi")
    expect(page.locator("#thread-history li", has_text="hi")).to_have_count(1)
    idle(page)
    draw(page, "draw an orange otter")
    expect(page.locator("#thread-history")).to_contain_text("draw an orange otter")


def test_a_session_is_not_renamed_to_blanks_and_enter_confirms_a_name(page: Page) -> None:
    draw(page, "draw a brown bear")
    row = page.locator("#thread-history li", has_text="brown bear").first
    for name, told in (("  ", "has at least one letter"), ("Bruno", "Session renamed")):
        row.locator("#thread-options").click()
        page.get_by_role("menuitem", name="Rename").click()
        page.locator("input#name").fill(name)
        page.locator("input#name").press("Enter")
        expect(page.get_by_text(told).first).to_be_visible()
        page.keyboard.press("Escape")
    expect(page.locator("#thread-history")).to_contain_text("Bruno")


def test_every_icon_has_a_name_and_only_the_arrow_down_lies_over_the_buttons(page: Page) -> None:
    for handle, said in enumerate(("draw a fox", "make it night", "upscale it"), 1):
        draw(page, said, handle)
    page.mouse.move(640, 300)
    page.mouse.wheel(0, -900)
    arrow = page.get_by_role("button", name="Go to the end")
    expect(arrow).to_be_visible()
    assert arrow.evaluate("button => getComputedStyle(button.parentElement).pointerEvents") == "none"
    icons = page.locator("button:not([aria-label]):not(.easel-open)")
    assert icons.evaluate_all("all => all.filter(one => !one.textContent.trim()).map(one => one.outerHTML)") == []
    arrow.click()
    expect(arrow).to_be_hidden()


def test_a_fault_inside_ends_the_turn_with_a_sentence(page: Page) -> None:
    say(page, "boom")
    expect(page.get_by_text("Something went wrong inside Easel")).to_be_visible()
    idle(page)
    draw(page)


def test_the_page_comes_back_by_itself_when_the_server_does(browser: Browser, tmp_path: Path) -> None:
    started = scripted(tmp_path)
    page = browser.new_page()
    try:
        visit(page, started.address)
        draw(page)
        port = int(started.address.rsplit(":", 1)[1])
        say(page, "draw a cow slowly")
        say_waiting(page, "draw a hen")
        expect(page.locator("#message-composer")).to_have_attribute("data-easel", "Sent when this is done:")
        started.kill()
        expect(page.locator("#message-composer")).to_have_attribute("data-easel", "Sent when Easel answers:")
        with page.expect_event("requestfailed", lambda request: request.url.endswith("/user")):
            # Somebody looks elsewhere and back; who one is is not asked again within a few seconds.
            page.evaluate("window.looks = setInterval(() => dispatchEvent(new Event('focus')), 500)")
        page.evaluate("clearInterval(window.looks)")
        started = scripted(tmp_path, port)
        page.wait_for_timeout(6000)
        page.get_by_role("button", name="Take back").click()
        page.locator("#chat-input").fill("")
        draw(page, "make it night", 2)
        expect(card(page, 1)).to_be_visible()
    finally:
        page.close()
        started.stop()


def test_a_page_that_was_opened_while_the_database_was_away_comes_back_by_itself(page: Page) -> None:
    draw(page)
    page.wait_for_url("**/thread/*")
    away = []
    page.route("**/api/sessions/*", lambda route: (away.append(route), route.fulfill(status=503)), times=1)
    page.evaluate("""postMessage({ easel: "away", session: location.pathname.split("/").pop(), text: "It is away." })
        window.before = true""")
    sentence = "It is away. The session opens when it can be read again."
    expect(page.locator("#message-composer")).to_have_attribute("data-easel", sentence)
    page.wait_for_function("window.before === undefined")
    expect(card(page, 1)).to_be_visible()
    assert len(away) == 1


def test_dark_and_narrow_windows_have_no_sideways_scroll(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, color_scheme="dark")
    page = context.new_page()
    visit(page, server.address)
    keep(page, "dark-narrow-welcome")
    draw(page, "draw 2 red foxes in the snow", 2)
    keep(page, "dark-narrow")
    wide = {"name": "wide.png", "mimeType": "image/png", "buffer": png(900, 300)}
    page.set_input_files("input[type=file] >> nth=0", wide)
    page.locator("#chat-submit:not([disabled])").click()
    expect(card(page, 3)).to_be_visible()
    box = card(page, 3).bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.classList.contains('dark')")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()


def test_a_link_opens_its_session_in_a_browser_that_was_never_here(page: Page, browser: Browser) -> None:
    draw(page)
    stranger = browser.new_context()
    other = stranger.new_page()
    visit(other, page.url)
    expect(card(other, 1)).to_be_visible()
    assert other.url == page.url
    stranger.close()


def test_back_goes_from_session_to_session(page: Page) -> None:
    draw(page)
    first = page.url
    page.locator("#new-chat-button").first.click()
    page.wait_for_url(lambda url: url.endswith("/"))
    settle(page)
    draw(page, "draw a blue boat")
    second = page.url
    page.go_back()
    page.wait_for_url(first)
    expect(card(page, 1)).to_contain_text("a red fox")
    page.locator(f'#thread-history a[href$="{second[-30:]}"]').click()
    expect(card(page, 1)).to_contain_text("a blue boat")
    page.go_back()
    page.wait_for_url(first)
    expect(card(page, 1)).to_contain_text("a red fox")


def test_what_is_sent_while_a_turn_runs_is_sent_after_it_word_for_word(page: Page) -> None:
    say(page, "draw a cow slowly")
    for text in ("draw a pig", "draw a hen"):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    page.keyboard.type("not sent")
    expect(waiting(page)).to_have_text(["“draw a pig”×", "“draw a hen”×"])
    expect(page.locator("#message-composer")).to_have_attribute("data-easel", "Sent when this is done:")
    keep(page, "waiting")
    expect(card(page, 3)).to_contain_text("draw a hen")
    idle(page)
    said = page.locator("[data-step-type=user_message]").all_inner_texts()
    assert said == ["draw a cow slowly", "draw a pig", "draw a hen"]
    expect(page.locator("#chat-input")).to_have_value("not sent")


def test_words_said_before_the_page_knows_that_a_turn_runs_keep_their_order_and_letters(
    context: BrowserContext, server: Server
) -> None:
    page = context.new_page()
    page.add_init_script(FAR_AWAY)
    visit(page, server.address)
    say(page, "draw a cow slowly")
    say(page, "draw a pig")
    expect(waiting(page)).to_have_text(["“draw a pig”×"], timeout=1000)
    say(page, "draw a hen")
    page.keyboard.type("not sent, as it is typed while the page goes over to its session", delay=60)
    expect(card(page, 3)).to_contain_text("draw a hen")
    idle(page)
    said = page.locator("[data-step-type=user_message]").all_inner_texts()
    assert said == ["draw a cow slowly", "draw a pig", "draw a hen"]
    expect(page.locator("#chat-input")).to_have_value(
        "not sent, as it is typed while the page goes over to its session"
    )


FAR_AWAY = """
const heard = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage");
Object.defineProperty(WebSocket.prototype, "onmessage", {
  ...heard,
  set(hear) { heard.set.call(this, (event) => setTimeout(() => hear.call(this, event), 1500)); },
});
"""
"""Whatever the server tells comes a second and a half later."""


def test_what_waits_is_not_sent_after_a_turn_that_was_stopped(page: Page) -> None:
    say(page, "draw 2 foxes slowly")
    expect(page.locator("#stop-button")).to_be_visible()
    for text in ("draw a pig", "draw a hen"):
        say_waiting(page, text)
    page.locator("#stop-button").click()
    idle(page)
    expect(waiting(page)).to_have_text(["“draw a pig”Send×", "“draw a hen”Send×"])
    keep(page, "not-sent")
    waiting(page).first.get_by_role("button", name="Take back").click()
    expect(page.locator("#chat-input")).to_have_value("draw a pig")
    waiting(page).get_by_role("button", name="Send", exact=False).first.click()
    expect(page.locator("[data-step-type=user_message]").last).to_have_text("draw a hen")
    idle(page)


def test_what_waits_is_not_sent_after_a_refusal(page: Page) -> None:
    draw(page)
    say(page, "slowly draw a cow")
    say_waiting(page, "a naked one")
    say_waiting(page, "make it night")
    expect(waiting(page)).to_have_text(["“make it night”Send×"])
    expect(card(page, 3)).to_have_count(0)


def waiting(page: Page):
    return page.locator("#easel-waiting li")


def say_waiting(page: Page, text: str) -> None:
    page.locator("#chat-input").click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(waiting(page).last).to_contain_text(text)


def test_what_waits_is_sent_when_another_session_is_shown_and_after_a_reload(page: Page) -> None:
    say(page, "draw a cow slowly")
    page.wait_for_url("**/thread/*")
    say_waiting(page, "draw a hen")
    cows = page.url
    page.locator("#new-chat-button").first.click()
    page.wait_for_url(lambda url: url.endswith("/"))
    page.reload()
    expect(waiting(page)).to_have_count(0)
    page.wait_for_function("localStorage.getItem('easel-waiting') === '[]'")
    page.goto(cows)
    expect(card(page, 2)).to_contain_text("draw a hen")


def test_a_mark_goes_with_the_words_that_were_said_to_it(page: Page) -> None:
    draw(page)
    say(page, "draw a cow slowly")
    say_waiting(page, "draw a hen")
    mark(page, 1)
    say_waiting(page, "a yellow bird")
    expect(waiting(page).last).to_contain_text("Marked part of #1: “a yellow bird”")
    expect(page.locator(".easel-marker")).to_have_count(0)
    mark(page, 1)
    keep(page, "waiting-marked")
    page.locator("#chat-input").fill("")
    expect(card(page, 3)).to_contain_text("draw a hen")
    expect(card(page, 4)).to_contain_text("edit of #1")
    idle(page)


def test_one_part_is_marked_at_a_time(page: Page) -> None:
    draw(page)
    draw(page, "draw a boat", 2)
    mark(page, 1)
    mark(page, 2)
    expect(page.locator(".easel-marker")).to_have_count(1)
    expect(page.locator("#message-composer")).to_have_attribute("data-easel", re.compile("the marked part of #2"))


def test_a_tap_or_a_swipe_takes_no_mark_away_and_an_open_edit_takes_the_words(page: Page) -> None:
    draw(page)
    draw(page, "draw a boat", 2)
    mark(page, 1)
    marker, composer = card(page, 1).locator(".easel-marker"), page.locator("#message-composer")
    box = marker.bounding_box()
    assert box is not None
    for swiped in (0, 60):
        page.mouse.move(box["x"] + 200, box["y"] + 150)
        page.mouse.down()
        page.mouse.move(box["x"] + 201, box["y"] + 150 - swiped, steps=3)
        page.mouse.up()
        expect(composer).to_have_attribute("data-easel", "What you write goes to the marked part of #1.")
    page.get_by_role("button", name="Remove mark").click()
    expect(marker.locator("i")).to_have_count(0)
    expect(composer).to_have_attribute("data-easel", "What you write goes to #1.")
    say(page, "make it with a bird")
    expect(card(page, 3)).to_contain_text("edit of #1")
    expect(marker).to_have_count(0)
    idle(page)


def test_escape_closes_an_edit_also_from_the_mark(page: Page) -> None:
    draw(page)
    mark(page, 1)
    page.keyboard.press("Escape")
    expect(card(page, 1).locator(".easel-marker")).to_have_count(0)
    expect(card(page, 1).get_by_role("button", name="Edit…")).to_be_focused()


def test_a_card_keeps_what_it_shows_while_others_come(page: Page) -> None:
    draw(page)
    card(page, 1).get_by_role("button", name="Details").click()
    draw(page, "draw a boat", 2)
    expect(card(page, 1).locator(".easel-details")).to_be_visible()


def test_what_the_server_tells_within_a_moment_is_drawn_together(page: Page) -> None:
    tasks = page.evaluate("""async () => {
        const address = `${location.origin.replace("http", "ws")}/ws/socket.io/`;
        const socket = new WebSocket(`${address}?EIO=4&transport=websocket`);
        const heard = [];
        let task = 0;
        socket.onmessage = (event) => {
            if (event.data.length > 1) return; // the server's own
            heard.push(`${event.data}${task}`);
            setTimeout(() => task++);
            if (event.data === "b") throw new Error("the others are heard all the same");
        };
        for (const data of "abc") socket.dispatchEvent(new MessageEvent("message", { data }));
        const before = heard.length;
        await new Promise((later) => setTimeout(later, 300));
        socket.close();
        return [before, heard];
    }""")
    assert tasks == [0, ["a0", "b0", "c0"]]


def test_cards_that_did_not_load_are_loaded_again(page: Page) -> None:
    draw(page)
    page.wait_for_url("**/thread/*")
    failed = []
    page.route("**/public/cards.jsx", lambda route: (failed.append(route), route.abort()), times=1)
    page.reload()
    expect(card(page, 1)).to_be_visible()
    assert len(failed) == 1


def test_a_first_message_that_waits_for_the_library_says_so_and_stop_gives_it_back(
    page: Page, server_data: Path
) -> None:
    composer = page.locator("#message-composer")
    with closing(sqlite3.connect(server_data / "easel.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        say(page, "draw a whale")
        expect(composer).to_have_attribute("data-easel", re.compile("^Easel waits for its library"))
        say_waiting(page, "make it night")
        page.locator("#stop-button").click()
        expect(page.locator("#chat-input")).to_have_value("draw a whale")
        expect(composer).to_have_attribute("data-easel", re.compile("^Not sent, as what went before"))
        other.execute("ROLLBACK")
        page.get_by_role("button", name="Take back “make it night”").click()
        page.locator("#chat-input").fill("")
        other.execute("BEGIN IMMEDIATE")
        say(page, "draw a green whale")
        expect(composer).to_have_attribute("data-easel", re.compile("^Easel waits for its library"))
        say_waiting(page, "make it night")
        other.execute("ROLLBACK")
    expect(card(page, 2)).to_contain_text("edit of #1")
    page.wait_for_url("**/thread/*")
    idle(page)


def mark(page: Page, handle: int) -> None:
    card(page, handle).get_by_role("button", name="Edit…").click()
    card(page, handle).locator(".easel-marker").focus()
    page.keyboard.press("ArrowLeft")  # no mouse is needed


def test_unsent_words_stay_with_their_session(page: Page) -> None:
    draw(page)
    page.locator("#chat-input").fill("half a wish")
    page.reload()
    settle(page)
    expect(page.locator("#chat-input")).to_have_value("half a wish")
    page.locator("#new-chat-button").first.click()
    page.wait_for_url(lambda url: url.endswith("/"))
    expect(page.locator("#chat-input")).to_have_value("")
    page.go_back()
    expect(page.locator("#chat-input")).to_have_value("half a wish")
    page.keyboard.press("Enter")
    idle(page)
    page.reload()
    settle(page)
    expect(page.locator("#chat-input")).to_have_value("")


def test_pictures_that_cannot_be_sent_yet_go_when_they_can_and_too_many_stay(page: Page) -> None:
    file = {"name": "cat.png", "mimeType": "image/png", "buffer": png()}
    say(page, "draw a cow slowly")
    expect(page.locator("#stop-button")).to_be_visible()
    page.wait_for_url("**/thread/*")
    page.set_input_files("input[type=file] >> nth=0", [file])
    expect(page.locator("#attachments > *")).to_have_count(1)
    page.locator("#chat-input").press("Enter")
    expect(page.locator("#message-composer")).to_have_attribute("data-easel", "Sent when this is done.")
    expect(card(page, 2)).to_contain_text("cat.png")
    idle(page)
    for sent in (3, 6):
        page.set_input_files("input[type=file] >> nth=0", [file] * 3)
        expect(page.locator("#attachments > *")).to_have_count(sent)
    page.locator("#chat-input").press("Enter")
    expect(page.locator("#message-composer")).to_have_attribute("data-easel", re.compile("^At most 4 pictures"))
    expect(page.locator("#attachments > *")).to_have_count(6)
    page.reload()
    expect(page.locator("#message-composer")).to_have_attribute("data-easel", re.compile("attach them again"))


def test_what_an_edit_says_is_kept_when_its_card_shows_something_else(page: Page) -> None:
    draw(page)
    mark(page, 1)
    card(page, 1).locator(".easel-edit input").fill("half a wish")
    for name in ("Details", "Edit…"):
        card(page, 1).get_by_role("button", name=name).click()
    field = card(page, 1).locator(".easel-edit input")
    expect(field).to_have_value("half a wish")
    expect(page.locator("#message-composer")).to_have_attribute("data-easel", "What you write goes to #1.")
    for closed, kept in (("Escape", "half a wish"), ("Cancel", "")):
        field.press("Escape") if closed == "Escape" else card(page, 1).get_by_role("button", name=closed).click()
        expect(field).to_have_count(0)
        card(page, 1).get_by_role("button", name="Edit…").click()
        expect(field).to_have_value(kept)


def test_back_closes_the_large_picture(page: Page) -> None:
    draw(page)
    address = page.url
    for close in (page.go_back, lambda: page.keyboard.press("Escape")):
        card(page, 1).locator(".easel-open").click()
        expect(page.locator(".easel-large")).to_be_visible()
        close()
        expect(page.locator(".easel-large")).to_have_count(0)
        assert page.url == address


def test_a_refused_first_message_leaves_no_session_and_the_next_one_is_served(page: Page) -> None:
    long = "plum " * 1000
    say(page, long)
    expect(page.locator("#chat-input")).to_have_value(re.compile("^plum plum"))
    expect(page.locator("#thread-history")).not_to_contain_text("plum")
    page.locator("#chat-input").fill("")
    draw(page, "draw a green heron")
    expect(page.locator("#thread-history")).to_contain_text("draw a green heron")
    expect(page.locator("#thread-history")).not_to_contain_text("plum")
    page.reload()
    settle(page)
    expect(card(page, 1)).to_be_visible()


def test_a_marked_part_goes_with_the_words_of_the_message_box(page: Page) -> None:
    draw(page)
    mark(page, 1)
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("#message-composer")).to_have_attribute("data-easel", re.compile("the marked part of #1"))
    say(page, "a yellow bird")
    expect(card(page, 2)).to_contain_text("edit of #1")
    idle(page)
    expect(page.locator("#message-composer")).to_have_attribute("data-easel", "")
    expect(page.locator("#chat-input")).to_have_value("")
    card(page, 2).get_by_role("button", name="Details").click()
    expect(card(page, 2).locator(".easel-details")).to_contain_text("0.25, 0.30, 0.65, 0.75")


@pytest.mark.parametrize("key", ["Escape", "Enter"])
def test_the_focus_returns_from_an_edit_to_its_button(page: Page, key: str) -> None:
    draw(page)
    button = card(page, 1).get_by_role("button", name="Edit…")
    button.click()
    page.keyboard.type("make it green")
    page.keyboard.press(key)
    expect(card(page, 1).locator(".easel-edit")).to_have_count(0)
    expect(button).to_be_focused()


@pytest.mark.parametrize("name", ["Enlarge", "Vary"])
def test_the_focus_stays_on_a_button_that_makes_a_picture_and_a_second_press_makes_none(page: Page, name: str) -> None:
    draw(page)
    button = card(page, 1).get_by_role("button", name=name)
    button.dblclick()
    expect(button).to_be_focused()
    expect(card(page, 2)).to_be_visible()
    idle(page)
    expect(page.locator(".easel-card")).to_have_count(2)


def test_a_session_is_followed_by_who_does_not_see_it(page: Page) -> None:
    say(page, "draw a red fox slowly")
    expect(page.get_by_role("progressbar", name="Painting")).to_be_visible()
    expect(card(page, 1)).to_be_visible()
    idle(page)
    expect(page.get_by_role("log", name="Conversation")).to_contain_text("Here is #1.")
    expect(page.get_by_role("heading", level=1, name="Easel")).to_have_count(1)
    expect(page.get_by_role("button", name="Vary #1", exact=True)).to_be_visible()
    page.locator("#easel-skip").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#chat-input")).to_be_focused()
    assert page.locator("#thread-history a > button").evaluate_all("all => all.every(one => one.tabIndex === -1)")
    expect(page.get_by_role("button", name="Rename or delete “draw a red fox slowly”", exact=True)).to_have_count(1)


def test_the_title_of_a_running_step_can_be_read(page: Page) -> None:
    say(page, "draw a red fox slowly")
    title = page.locator(".loading-shimmer").first
    expect(title).to_have_css("background-image", "none")
    assert title.evaluate("one => getComputedStyle(one).webkitTextFillColor === getComputedStyle(one).color")
    page.locator("#stop-button").click()
    idle(page)


def test_the_end_of_a_reply_is_in_sight(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 700})
    draw(page)
    card(page, 1).get_by_role("button", name="Enlarge").click()
    expect(page.get_by_text("Here is #2.")).to_be_visible()
    idle(page)
    page.wait_for_timeout(1000)  # it glides there
    buttons, composer = page.locator(".positive-feedback-off").last, page.locator("#message-composer")
    assert (buttons.bounding_box() or {})["y"] < (composer.bounding_box() or {})["y"] - 10


def test_a_session_opens_at_its_end(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 700})
    for handle, text in enumerate(("draw a fox", "make it night", "make it green"), 1):
        draw(page, text, handle)
    page.reload()
    expect(card(page, 3)).to_be_visible()
    expect(page.get_by_text("Here is #3.")).to_be_in_viewport()
    page.wait_for_timeout(1500)  # it stays there
    buttons, composer = page.locator(".positive-feedback-off").last, page.locator("#message-composer")
    assert (buttons.bounding_box() or {})["y"] < (composer.bounding_box() or {})["y"] - 10


def test_a_session_that_ends_with_few_words_opens_with_what_is_before_them(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for handle, text in enumerate(("draw a fox", "make it night"), 1):
        draw(page, text, handle)
    say(page, "hello")
    idle(page)
    page.reload()
    settle(page)
    expect(card(page, 2).get_by_role("button", name="Vary")).to_be_in_viewport()


def test_in_a_very_low_window_an_edit_is_written_in_the_message_box(page: Page) -> None:
    page.set_viewport_size({"width": 640, "height": 400})
    draw(page)
    card(page, 1).get_by_role("button", name="Edit…").click()
    expect(page.locator("#chat-input")).to_be_focused()
    say(page, "make it green")
    expect(card(page, 2)).to_contain_text("edit of #1")


def test_in_a_low_window_the_picture_to_mark_is_whole(page: Page) -> None:
    page.set_viewport_size({"width": 844, "height": 390})
    draw(page)
    card(page, 1).get_by_role("button", name="Edit…").click()
    expect(card(page, 1).locator(".easel-marker")).to_be_in_viewport(ratio=0.99)
    keep(page, "low-edit")
    page.wait_for_timeout(800)
    marker, composer = card(page, 1).locator(".easel-marker").bounding_box(), page.locator("#message-composer")
    assert marker is not None
    assert marker["y"] + marker["height"] <= (composer.bounding_box() or {})["y"] + 1


def test_on_a_phone_details_show_the_marked_part(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 700})
    draw(page)
    mark(page, 1)
    card(page, 1).locator(".easel-edit input").fill("make it green")
    page.keyboard.press("Enter")
    expect(card(page, 2)).to_contain_text("edit of #1")
    idle(page)
    page.wait_for_timeout(1500)  # its end glides into sight
    card(page, 2).get_by_role("button", name="Details").click()
    expect(card(page, 2).locator(".easel-details")).to_be_visible()
    page.wait_for_timeout(800)
    expect(card(page, 2).locator(".easel-changed")).to_be_in_viewport(ratio=0.99)


def test_on_a_phone_the_first_tap_opens_the_sessions_and_each_has_its_menu(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    visit(page, server.address)
    for _ in range(2):
        page.goto(server.address)
        settle(page)
        draw(page)
        assert "/thread/" in page.url
    page.locator("#sidebar-trigger-button").first.tap()
    menus = page.locator("[data-mobile=true] #thread-options")
    expect(menus.nth(1)).to_be_visible()
    assert set(menus.evaluate_all("all => all.map(one => getComputedStyle(one).opacity)")) == {"1"}
    keep(page, "phone-sessions")
    context.close()


def test_a_picture_without_words_has_no_empty_bubble(page: Page) -> None:
    page.set_input_files("input[type=file] >> nth=0", {"name": "cat.png", "mimeType": "image/png", "buffer": png()})
    page.locator("#chat-submit:not([disabled])").click()
    expect(card(page, 1)).to_be_visible()
    expect(page.locator("[data-step-type=user_message] .rounded-3xl")).to_be_hidden()


def test_what_an_upload_lost_is_told(page: Page) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (200, 0, 0, 100)).save(out, "PNG")
    clear = {"name": 'my "clear" one.png', "mimeType": "image/png", "buffer": out.getvalue()}
    page.set_input_files("input[type=file] >> nth=0", clear)
    expect(page.get_by_text("The transparent parts of “my clear one.png” were made white.")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "count", "told"),
    [("a.pdf", 1, "Only PNG, JPEG and WebP pictures"), ("a.png", 9, "At most 4 pictures go with a message")],
)
def test_files_that_are_not_taken_are_refused_in_plain_words(page: Page, name: str, count: int, told: str) -> None:
    kind = "image/png" if name.endswith("png") else "application/pdf"
    file = {"name": name, "mimeType": kind, "buffer": png()}
    page.set_input_files("input[type=file] >> nth=0", [file] * count)
    expect(page.get_by_text(told)).to_be_visible()


def test_details_are_copied_where_browsers_give_no_clipboard(context: BrowserContext, server: Server) -> None:
    context.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page = context.new_page()
    visit(page, server.address)
    draw(page)
    card(page, 1).get_by_role("button", name="Details").click()
    card(page, 1).get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied", exact=True)).to_be_visible()


@pytest.mark.timeout(1200)
def test_three_pictures_with_everything_real(context: BrowserContext, tmp_path: Path) -> None:
    """The main job: the shipped language model decides, the shipped networks paint and enlarge, the filters judge."""
    started = Server(
        [sys.executable, "-m", "ui.cli", "serve", "--port", "0"], {"EASEL_DATA": str(tmp_path), "OMP_NUM_THREADS": "2"}
    )
    page = context.new_page()
    try:
        visit(page, started.address)
        say(page, "draw a red fox in the snow")
        expect(card(page, 1)).to_contain_text("fox", timeout=REAL)
        idle(page)
        keep(page, "real-1")
        say(page, "make it night")
        expect(card(page, 2)).to_contain_text("edit of #1", timeout=REAL)
        idle(page)
        keep(page, "real-2")
        say(page, "upscale it")
        expect(card(page, 3)).to_contain_text("enlargement of #2", timeout=REAL)
        idle(page)
        keep(page, "real-3")
        page.reload()
        settle(page)
        expect(page.locator(".easel-card[data-handle]")).to_have_count(3)
        expect(card(page, 2)).to_contain_text("edit of #1")
        expect(card(page, 3)).to_contain_text("enlargement of #2")
        expect(card(page, 3)).to_contain_text("1024 × 1024")
        keep(page, "real-reloaded")
        card(page, 3).get_by_role("button", name="Enlarge").click()  # to 4096 pixels: the slowest of all
        expect(page.locator(".easel-working [role=progressbar]")).to_be_visible(timeout=REAL)
        page.locator("#stop-button").click()
        expect(page.get_by_text("Stopped.")).to_be_visible(timeout=REAL)
    finally:
        page.close()
        output = started.stop()
    assert "Traceback" not in output, output
    with Library.open(tmp_path / "easel.db") as library:
        assert library.verify().faults == ()
