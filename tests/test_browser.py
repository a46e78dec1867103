"""The page in a real browser: a person draws, edits, enlarges, reloads, stops, branches. Chromium, nothing faked in it.

The server is real; its agent is scripted (`webserver.ScriptedAgent`) where what is tested is the page, and everything
is real in `test_three_pictures_with_everything_real`. No request may leave this machine: every test watches.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

pytest.importorskip("playwright.sync_api")
from chromium import ROOT, Server, idle, keep, say, settle, visit
from playwright.sync_api import Browser, BrowserContext, Page, expect
from terminal import png

from storage.library import Library

pytestmark = pytest.mark.slow

SLOWLY = 0.08  # seconds a step of the scripted painter
REAL = 240_000  # milliseconds: two cores may be busy with other things


def scripted(data: Path, port: int = 0, step: float = SLOWLY) -> Server:
    command = [sys.executable, "tests/webserver.py", "--data", str(data), "--port", str(port), "--step", str(step)]
    return Server(
        command, {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]), "OMP_NUM_THREADS": "1"}
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = scripted(tmp_path_factory.mktemp("data"))
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
    expect(card(page, 1)).to_be_visible(timeout=15_000)
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
    expect(page.get_by_text("Editing #1: “make it green”")).to_be_visible()


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


def test_a_button_is_refused_with_a_sentence_while_a_turn_runs(page: Page) -> None:
    draw(page)
    say(page, "draw 2 foxes slowly")
    expect(page.locator(".easel-working")).to_be_visible()
    card(page, 1).get_by_role("button", name="Upscale").click()
    expect(page.get_by_text("still working in this session")).to_be_visible()
    page.locator("#stop-button").click()
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


def test_a_message_whose_picture_a_restart_has_forgotten_does_nothing_and_is_given_back(
    browser: Browser, tmp_path: Path
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
        page.wait_for_timeout(6000)
        say(page, "make it night")
        expect(page.get_by_text("attach it again")).to_be_visible()
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
    page.locator("[role=alertdialog] button", has_text="Confirm").click()
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
    page.locator("[role=alertdialog] button", has_text="Confirm").click()
    for each in (page, other):
        expect(each).to_have_url(re.compile(r":\d+/$"))
        expect(each.locator("#thread-history")).not_to_contain_text("pink heron")
    draw(other, "draw a green heron")


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
        started.kill()
        started = scripted(tmp_path, port)
        page.wait_for_timeout(6000)
        draw(page, "make it night", 2)
        expect(card(page, 1)).to_be_visible()
    finally:
        page.close()
        started.stop()


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
    expect(page.locator("#message-composer")).to_have_attribute("data-easel", re.compile("when this is done: .*hen"))
    keep(page, "waiting")
    expect(card(page, 3)).to_contain_text("draw a hen")
    idle(page)
    said = page.locator("[data-step-type=user_message]").all_inner_texts()
    assert said == ["draw a cow slowly", "draw a pig", "draw a hen"]
    expect(page.locator("#chat-input")).to_have_value("not sent")


def test_stop_gives_back_what_waits(page: Page) -> None:
    say(page, "draw 2 foxes slowly")
    expect(page.locator("#stop-button")).to_be_visible()
    say_waiting(page, "draw a pig")
    page.locator("#stop-button").click()
    idle(page)
    expect(page.locator("#chat-input")).to_have_value("draw a pig")


def say_waiting(page: Page, text: str) -> None:
    page.locator("#chat-input").click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(page.locator("#message-composer")).to_have_attribute("data-easel", re.compile(text))


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


def test_a_marked_part_goes_with_the_words_of_the_message_box(page: Page) -> None:
    draw(page)
    card(page, 1).get_by_role("button", name="Edit…").click()
    card(page, 1).locator(".easel-marker").focus()
    page.keyboard.press("ArrowLeft")  # no mouse is needed
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
    card(page, 1).get_by_role("button", name="Upscale").click()
    expect(page.get_by_text("Here is #2.")).to_be_visible()
    idle(page)
    page.wait_for_timeout(1000)  # it glides there
    buttons, composer = page.locator(".positive-feedback-off").last, page.locator("#message-composer")
    assert (buttons.bounding_box() or {})["y"] < (composer.bounding_box() or {})["y"] - 10


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
        card(page, 3).get_by_role("button", name="Upscale").click()  # to 4096 pixels: the slowest of all
        expect(page.locator(".easel-working [role=progressbar]")).to_be_visible(timeout=REAL)
        page.locator("#stop-button").click()
        expect(page.get_by_text("Stopped.")).to_be_visible(timeout=REAL)
    finally:
        page.close()
        output = started.stop()
    assert "Traceback" not in output, output
    with Library.open(tmp_path / "easel.db") as library:
        assert library.verify().faults == ()
