// What the cards share, and what Chainlit's page has no place for. Loaded before the page's own script.
(() => {
  // Follow the system's light or dark until the person chooses.
  if (!localStorage.getItem("vite-ui-theme")) localStorage.setItem("vite-ui-theme", "system");

  const selected = new Map(); // session → handle of the picture that "it" means
  const listeners = new Set();

  async function send(method, path, body) {
    const answer = await fetch(path, {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }).catch(() => {
      throw new Error(SILENT);
    });
    const data = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      const why = typeof data.detail === "string" ? data.detail : "That did not work; try again.";
      throw Object.assign(new Error(why), { busy: answer.status === 409 });
    }
    return data;
  }

  window.addEventListener("message", (event) => {
    if (event.source !== window) return;
    // Words of which nothing was kept are in the box again, unless something else is there already.
    if (event.data?.easel === "unsent" && box()?.value.trim() === "") fill(event.data.text);
    if (event.data?.easel === "deleted" && location.pathname.endsWith(event.data.session)) location.replace("/");
    if (event.data?.easel === "begun" && location.pathname === "/") {
      // Chainlit gives a new session its address when the list of sessions is shown, which on a phone is later.
      history.pushState(history.state, "", `/thread/${event.data.session}`);
      dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
    }
    if (event.data?.easel !== "selected") return;
    selected.set(event.data.session, event.data.handle);
    listeners.forEach((listen) => listen());
  });

  // Browsers give a clipboard to https and to this machine only; elsewhere it is done as it was before there was one.
  async function copy(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    if (!copied) throw new Error("This browser does not let the page copy; select the text instead.");
  }

  window.Easel = {
    send,
    copy,
    mark(part) {
      marked = part;
      changed();
      return () => {
        if (marked === part) marked = null;
        changed();
      };
    },
    selected: (session) => selected.get(session) ?? null,
    onSelected(listen) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
    parts: {}, // the cards' components, kept so that a card that is sent again keeps what it is showing
  };

  // The message box is Chainlit's. What is sent while a turn runs waits for its end; what is sent while a part of a
  // picture is marked goes to that part; what is not sent is there again after a reload.
  let marked = null; // the card's picture and how it is edited: { handle, edit }
  const waiting = []; // messages with the address of their session: { path, text }
  let delivering = false;
  const box = () => document.getElementById("chat-input");
  const busy = () => document.getElementById("stop-button") !== null;
  const here = (path = location.pathname) => waiting.filter((one) => one.path === path);
  const drop = (ones) => ones.forEach((one) => waiting.splice(waiting.indexOf(one), 1));
  const lines = (...texts) => texts.filter(Boolean).join("\n");

  function fill(text) {
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box(), text);
    box().dispatchEvent(new Event("input", { bubbles: true }));
  }

  function take(event) {
    const text = box()?.value.trim();
    if (!text || document.getElementById("attachments") || !(busy() || marked)) {
      store(location.pathname, ""); // it is sent
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (busy()) {
      waiting.push({ path: location.pathname, text });
      fill("");
    } else {
      marked.edit(text).then((begun) => begun && fill(""));
    }
  }

  async function deliver() {
    const [next] = here();
    if (!next || busy() || delivering || location.pathname === "/") return;
    delivering = true;
    drop([next]);
    const path = `/api/sessions/${location.pathname.split("/").pop()}/say`;
    const say = () => send("POST", path, { text: next.text }).then(() => "begun", (error) => error.busy && "busy");
    const outcome = await (marked ? marked.edit(next.text) : say());
    if (outcome === "busy") waiting.unshift(next); // the page had not heard yet that a turn runs
    else if (!outcome) fill(lines(next.text, box().value));
    await new Promise((later) => setTimeout(later, 1000)); // until the page knows that the turn runs
    delivering = false;
    changed();
  }

  const kept = (path) => sessionStorage.getItem(`easel-unsent ${path}`) ?? "";
  const store = (path, text) => sessionStorage.setItem(`easel-unsent ${path}`, text);
  let filled = null; // the box that was given what was kept
  function keep() {
    if (!box()) return;
    if (filled !== box()) {
      filled = box();
      if (kept(location.pathname)) fill(kept(location.pathname) + filled.value);
    }
    store(location.pathname, box().value);
  }
  window.addEventListener("pagehide", () => {
    for (const one of waiting.reverse()) store(one.path, lines(one.text, kept(one.path)));
  });

  function hint() {
    const composer = document.getElementById("message-composer");
    if (!composer) return;
    const held = busy() && document.getElementById("attachments");
    composer.dataset.easel = here().length
      ? `Sent when this is done: ${here().map((one) => `“${one.text}”`).join(", ")}`
      : held
        ? "Pictures can be sent when this is done."
        : marked
          ? `What you write goes to the marked part of #${marked.handle}.`
          : "";
  }

  const isSent = (event) => event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target === box();
  document.addEventListener("keydown", (event) => isSent(event) && take(event), true);
  document.addEventListener("input", (event) => event.target === box() && keep());
  document.addEventListener(
    "click",
    (event) => {
      if (event.target.closest("#chat-submit")) take(event);
      if (!event.target.closest("#stop-button") || !here().length) return;
      const text = lines(...here().map((one) => one.text), box().value);
      drop(here());
      fill(text);
    },
    true,
  );

  // A page that goes on by itself is not one to go back to: the welcome, when its session gets an address, and a
  // session that cannot be opened.
  const push = history.pushState.bind(history);
  history.pushState = (state, title, address) => {
    keep();
    const welcome = location.pathname === "/";
    if (welcome || !box()) history.replaceState(state, title, address);
    else push(state, title, address);
    if (!welcome || !busy()) return;
    store(location.pathname, kept("/")); // typed while the session began
    store("/", "");
    here("/").forEach((one) => (one.path = location.pathname));
  };

  // Show where dragged pictures may be dropped: anywhere on the chat.
  let depth = 0;
  const dragging = (by) => (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    depth = by === 0 ? 0 : Math.max(0, depth + by);
    document.body.classList.toggle("easel-dropping", depth > 0);
  };
  window.addEventListener("dragenter", dragging(1));
  window.addEventListener("dragleave", dragging(-1));
  window.addEventListener("drop", dragging(0), true);

  // What Chainlit says in its own words only, of files and of the server.
  const SILENT = "Easel does not answer; is it still running on this machine?";
  const SENTENCES = [
    [/^File type must be/, () => "Only PNG, JPEG and WebP pictures can be taken; save yours as one of these."],
    [/^Too many files/, () => `At most ${most} pictures go with a message; choose fewer.`],
    [/no such session/, () => "That session is not here; it may have been deleted."],
    [/^Couldn't resume chat$|Failed to fetch/, () => SILENT],
  ];
  const reworded = () => {
    for (const title of document.querySelectorAll("[data-sonner-toast] [data-title]")) {
      const found = SENTENCES.find(([theirs]) => theirs.test(title.textContent));
      if (found) title.textContent = found[1]();
    }
  };

  // The welcome says what the models can paint.
  let note = null;
  let most = null;
  const welcome = () => {
    const screen = document.getElementById("welcome-screen");
    if (!screen || document.getElementById("easel-note") || note === null || note === "") return;
    const line = document.createElement("p");
    line.id = "easel-note";
    line.textContent = note;
    screen.append(line);
  };
  fetch("/api/about").then((answer) => answer.json()).then((about) => {
    note = about.note;
    most = about.uploads;
    welcome();
  });

  // What Chainlit's icons are called, for who hears the page; and what opens a session's menu can be reached by keys.
  const NAMES = {
    "#thread-options": "Rename or delete this session",
    "#chat-submit": "Send",
    "#stop-button": "Stop",
    "#upload-button": "Attach pictures",
    "#search-chats-button": "Search sessions",
    "#new-chat-button": "New session",
    "#sidebar-trigger-button": "Show or hide the sessions",
    "#theme-toggle": "Light or dark",
    "button:has(> .lucide-copy)": "Copy",
    ".positive-feedback-off": "Good answer",
    ".positive-feedback-on": "Good answer, chosen",
    ".negative-feedback-off": "Bad answer",
    ".negative-feedback-on": "Bad answer, chosen",
    ".absolute.bottom-4.left-0.right-0 button": "Go to the end",
  };
  const named = () => {
    for (const [icons, name] of Object.entries(NAMES)) {
      for (const icon of document.querySelectorAll(`:is(${icons}):not([aria-label="${name}"])`)) {
        icon.setAttribute("aria-label", name);
        if (icon.id === "thread-options") Object.assign(icon, { tabIndex: 0, role: "button" });
      }
    }
    // A session is one stop of the Tab key, and its menu another.
    for (const inner of document.querySelectorAll("#thread-history a > button:not([tabindex])")) inner.tabIndex = -1;
    // What is said and made is read out as it comes.
    const talk = document.querySelector("[data-step-type]")?.parentElement;
    if (talk && talk.role !== "log") Object.assign(talk, { role: "log", ariaLive: "polite", ariaLabel: "Conversation" });
  };

  // The end of a reply stays in sight while it grows, unless the person does something above it.
  let away = false;
  let running = false;
  let until = 0; // the last parts of a reply come after its end
  let following = 0;
  const follow = () => {
    following = 0;
    const last = [...document.querySelectorAll("[data-step-type]")].pop();
    const scroller = last?.closest(".overflow-y-auto");
    if (away || !scroller) return;
    const hidden = last.getBoundingClientRect().bottom - scroller.getBoundingClientRect().bottom;
    if (hidden > 0) scroller.scrollBy({ top: hidden, behavior: "smooth" });
  };
  const watch = () => {
    if (busy() && !running) away = false;
    running = busy();
    if (running) until = Date.now() + 1000;
    if (Date.now() < until) following ||= setTimeout(follow, 300); // after Chainlit's own scrolling
  };
  const busied = (event) => {
    if (!event.target.closest?.("#message-composer")) away = true;
  };
  for (const kind of ["wheel", "pointerdown", "keydown"]) document.addEventListener(kind, busied, { passive: true });

  // Enter in the dialog that renames a session confirms it.
  document.addEventListener("keydown", (event) => {
    const dialog = event.key === "Enter" && event.target.matches?.("input") && event.target.closest("[role=dialog]");
    const confirm = dialog && [...dialog.querySelectorAll("button")].find((one) => one.textContent.trim() === "Confirm");
    if (!confirm) return;
    event.preventDefault();
    confirm.click();
  });

  let frame = 0;
  const changed = () => {
    welcome();
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      named();
      keep();
      hint();
      reworded();
      watch();
      deliver();
    });
  };
  document.addEventListener("DOMContentLoaded", () => {
    document.body.insertAdjacentHTML(
      "afterbegin",
      '<h1 class="sr-only">Easel</h1><button type="button" id="easel-skip">Go to the message box</button>',
    );
    document.getElementById("easel-skip").addEventListener("click", () => box()?.focus());
    new MutationObserver(changed).observe(document.body, { childList: true, subtree: true });
  });
})();
