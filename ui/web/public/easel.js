// What the cards share, and what Chainlit's page has no place for. Loaded before the page's own script.
(() => {
  // Follow the system's light or dark until the person chooses.
  if (!localStorage.getItem("vite-ui-theme")) localStorage.setItem("vite-ui-theme", "system");

  // Chainlit draws the session anew for each thing that the server tells it, which takes the longer the longer it is:
  // what comes within a moment is handed over together and drawn once.
  const GATHERED = 100; // milliseconds
  const heard = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage");
  Object.defineProperty(WebSocket.prototype, "onmessage", {
    ...heard,
    set(hear) {
      let told = [];
      heard.set.call(this, (event) => {
        told.push(event);
        if (told.length > 1) return;
        setTimeout(() => {
          const all = told;
          told = [];
          for (const one of all) {
            try {
              hear?.call(this, one);
            } catch (error) {
              reportError(error); // the others are heard all the same
            }
            if (`${one.data}`.startsWith('42["task_end"')) sending = 0;
          }
        }, GATHERED);
      });
    },
  });

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
      throw Object.assign(new Error(why), { status: answer.status });
    }
    return data;
  }

  window.addEventListener("message", (event) => {
    if (event.source !== window) return;
    if (event.data?.easel === "unsent") {
      sending = 0;
      if (event.data.waits) put(location.pathname, event.data.text, null, true);
      else {
        every((one) => one.path === "/" && waits(one), { held: UNDONE });
        fill(lines(event.data.text, box().value));
      }
    }
    if (event.data?.easel === "slow") {
      slow = event.data.text;
      changed();
    }
    if (event.data?.easel === "away") wait(event.data);
    if (event.data?.easel === "deleted") left(event.data.session);
    if (event.data?.easel === "begun" && location.pathname === "/") {
      // Chainlit gives a new session its address when the list of sessions is shown, which on a phone is later.
      history.pushState(history.state, "", `/thread/${event.data.session}`);
      dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
    }
    if (event.data?.easel !== "selected") return;
    selected.set(event.data.session, event.data.handle);
    listeners.forEach((listen) => listen());
  });

  // Asked again until the server answers.
  const ask = window.fetch.bind(window);
  async function insist(...request) {
    const answer = await ask(...request).catch(() => null);
    if (answer?.status < 500) return answer;
    await new Promise((later) => setTimeout(later, 2000));
    return insist(...request);
  }

  // Chainlit asks who one is whenever the window is gone to, and leaves the page where nobody answers.
  window.fetch = (resource, ...rest) => {
    const { pathname } = new URL(resource.url ?? resource, location.href);
    return (pathname === "/user" ? insist : ask)(resource, ...rest);
  };

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
    put: (session, ...entry) => put(`/thread/${session}`, ...entry),
    edit,
    earlier,
    mark(part) {
      marked?.close();
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
    cards: insist("/public/cards.jsx").then((answer) => answer.text()),
  };

  // The message box is Chainlit's. What is said while a turn runs, to a marked part of a picture or with a button waits
  // here until its session is free. An entry is { id, path, text, act, behind, held }: the address of its session, the
  // words, what a card does in their place ({ name, args, label }), whether a turn went before that has to end well,
  // and why it was not sent and is not going to be by itself ("" while it waits). They are kept for all pages and after
  // a reload, until the server has said that it has them: it begins one turn for one id, whichever tab was faster.
  const QUEUE = "easel-waiting";
  const SENDING = 15_000; // milliseconds
  const UNDONE = "what went before did not end well";
  const queue = () => JSON.parse(localStorage.getItem(QUEUE) ?? "[]");
  const requeue = (change) => {
    localStorage.setItem(QUEUE, JSON.stringify(change(queue())));
    changed();
  };
  const every = (mine, news) => requeue((all) => all.map((one) => (mine(one) ? { ...one, ...news } : one)));
  const drop = (gone) => requeue((all) => all.filter((one) => one.id !== gone.id));
  const here = () => queue().filter((one) => one.path === location.pathname);
  const waits = (one) => !one.held;
  const box = () => document.getElementById("chat-input");
  const stoppable = () => document.getElementById("stop-button") !== null;
  const busy = () => stoppable() || Date.now() < sending;
  const attached = () => document.getElementById("attachments")?.childElementCount ?? 0;
  const lost = () => document.getElementById("session-error") !== null; // Chainlit's word of a socket that is gone
  const offline = () => lost() || (!busy() && document.getElementById("upload-button-loading") !== null);
  const ready = () => document.getElementById("chat-submit")?.disabled === false;
  const lines = (...texts) => texts.filter(Boolean).join("\n");
  let marked = null; // the card whose Edit is open: { handle, region, close }; the region may be null
  let delivering = false;
  let sending = 0; // until when what Chainlit has taken counts as said, though no turn has begun yet
  let soon = false; // what is in the box is sent as soon as it can be
  let slow = ""; // what a first message waits for before it has a session
  let pictures = ["", 0, false]; // where how many were attached last, and whether the server was away since
  const asked = {}; // when a session was found busy, by its address

  function fill(text) {
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box(), text);
    box().dispatchEvent(new Event("input", { bubbles: true }));
  }

  // A change of one picture, or of its marked part, as what waits in the place of words.
  function edit({ handle: image, region }, instruction) {
    const part = region ? { region: region.map((edge) => edge.toFixed(3)).join(",") } : {};
    const label = `${region ? "Marked part" : "Edit"} of #${image}`;
    return { name: "edit_image", args: { image, instruction, ...part }, label };
  }

  // What Chainlit took and the server gave back was said before what waits.
  function put(path, text, act = null, first = false) {
    const behind = busy() || (!first && here().some(waits));
    const entry = { id: `${Date.now()} ${Math.random()}`, path, text, act, behind, held: "" };
    requeue((all) => (first ? [entry, ...all] : [...all, entry]));
  }

  // Chainlit forgets what is attached when the server is started anew; only a person takes a picture away.
  function seen() {
    if (attached() || pictures[0] !== location.pathname) pictures = [location.pathname, attached(), false];
    if (offline()) pictures[2] = true;
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest("#attachments")) setTimeout(() => (pictures = [location.pathname, attached(), false]), 300);
  }, true);

  function take(event) {
    keep(); // the box may be new, and what it is given not in it yet
    const text = box()?.value.trim();
    const files = attached();
    [told, slow] = ["", ""];
    seen();
    const gone = pictures[1] && pictures[2] && !files;
    pictures = [location.pathname, 0, false];
    if (gone) {
      event.preventDefault();
      event.stopPropagation();
      tell("What was attached is gone, as Easel was started anew: attach it again, or send the words alone.");
      return;
    }
    const mine = files
      ? files > most || !ready() || here().some(waits)
      : text && (busy() || marked || !ready() || here().some(waits));
    if (!mine) {
      if (!text && !files) return;
      store(location.pathname, ""); // it is sent
      sending = Date.now() + SENDING;
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (files > most) {
      tell(`At most ${most} pictures go with a message; take some away.`);
    } else if (files || (location.pathname === "/" && !busy())) {
      soon = true;
      changed();
    } else {
      put(location.pathname, text, marked && edit(marked, text));
      fill("");
      marked?.close();
    }
  }

  async function deliver() {
    const first = !here().some(waits); // pictures come after what waits, words wait with it
    if (soon && ready() && (attached() ? first : box().value.trim())) {
      soon = false;
      document.getElementById("chat-submit").click();
    }
    const free = ({ path }) =>
      path !== "/" && !(path === location.pathname && busy()) && Date.now() - (asked[path] ?? 0) > 1500;
    const next = delivering || offline() ? null : queue().find((one) => waits(one) && free(one));
    if (!next) return;
    delivering = true;
    const { id, path, text, act, behind } = next;
    const body = act ? { id, name: act.name, args: act.args, behind } : { id, text, behind };
    try {
      await send("POST", `/api${path.replace("thread", "sessions")}/${act ? "act" : "say"}`, body);
      drop(next);
      every((one) => one.path === path, { behind: true });
      if (path === location.pathname) await new Promise((later) => setTimeout(later, 1000)); // until the page knows
    } catch (error) {
      asked[path] = Date.now();
      if (error.status === 412) every((one) => one.path === path, { held: UNDONE });
      else if (error.status === 404) every((one) => one.path === path, { held: DELETED, path: "/" });
      else if (error.status < 500 && error.status !== 409) every((one) => one.id === id, { held: error.message });
    }
    delivering = false;
    changed();
  }
  setInterval(() => (soon || queue().some(waits)) && changed(), 2000); // other sessions, a server that is away
  window.addEventListener("storage", (event) => event.key === QUEUE && changed());

  const kept = (path) => sessionStorage.getItem(`easel-unsent ${path}`) ?? "";
  const store = (path, text) => sessionStorage.setItem(`easel-unsent ${path}`, text);
  let filled = null; // the box that was given what was kept
  let typed = 0; // when somebody last typed into it
  function keep() {
    if (!box()) return;
    if (filled !== box()) {
      filled = box();
      if (kept(location.pathname)) fill(kept(location.pathname) + filled.value);
      if (Date.now() - typed < 5000 && document.activeElement === document.body) filled.focus();
    }
    store(location.pathname, box().value);
    sessionStorage.setItem("easel-attached", attached());
  }

  // The session cannot be read for now: the page is opened again when it can be.
  function wait({ session, text }) {
    tell(`${text} The session opens when it can be read again.`);
    const look = setInterval(async () => {
      const { status } = await fetch(`/api/sessions/${session}`).catch(() => ({ status: 503 }));
      if (status < 500 || !location.pathname.endsWith(session)) clearInterval(look);
      if (status < 500 && location.pathname.endsWith(session)) location.reload();
    }, 2000);
  }

  // The session on the page was deleted, here or elsewhere: what was not sent is at the welcome, which begins anew.
  const DELETED = "its session was deleted";
  let gone = false;
  let before = ""; // the page that was left for this one
  function left(session) {
    every((one) => one.path === `/thread/${session}`, { held: DELETED, path: "/" });
    const elsewhere = location.pathname.endsWith(session);
    if (gone || !(elsewhere || (location.pathname === "/" && before.endsWith(session)))) return;
    gone = true; // it is told once more before the page has changed
    store("/", lines(kept("/"), box()?.value));
    if (elsewhere) sessionStorage.setItem("easel-told", "This session was deleted; begin a new one.");
    location.replace("/");
  }

  // One sentence above the box, until one types.
  let told = sessionStorage.getItem("easel-told") ?? "";
  const unsent = Number(sessionStorage.getItem("easel-attached"));
  if (unsent) told = "The attached pictures were not sent; attach them again.";
  sessionStorage.removeItem("easel-told");
  function tell(sentence) {
    told = sentence;
    changed();
  }

  function hint() {
    const composer = document.getElementById("message-composer");
    if (!composer) return;
    const ones = here();
    const later = offline() ? "Easel answers" : "this is done";
    const when = busy() || here().some(waits) || offline() || !attached() ? later : "the pictures are here";
    const why = [...new Set(ones.map((one) => one.held))];
    composer.dataset.easel = lines(
      told,
      location.pathname === "/" && busy() && slow,
      marked && !attached() && `What you write goes to ${marked.region ? "the marked part of " : ""}#${marked.handle}.`,
      marked && attached() && `With attached pictures, what you write does not go to #${marked.handle}.`,
      soon && `Sent when ${when}.`,
      !soon && busy() && attached() && "Pictures are sent when this is done: press Enter.",
      ones.some(waits) && `Sent when ${later}:`,
      ones.length && !ones.some(waits) && (why.length === 1 ? `Not sent, as ${why[0]}:` : "Not sent:"),
    );
    const shown = document.getElementById("easel-waiting") ?? document.createElement("ul");
    const state = [...ones.map((one) => `${one.id} ${one.held}`), ones.some(waits)].join();
    if (shown.isConnected ? shown.dataset.state === state : !ones.length) return;
    Object.assign(shown, { id: "easel-waiting", ariaLabel: "Waiting to be sent" }).dataset.state = state;
    shown.replaceChildren(...ones.map(entry));
    if (ones.length) composer.prepend(shown);
    else shown.remove();
  }

  function entry(one) {
    const item = document.createElement("li");
    const words = Object.assign(document.createElement("span"), { title: one.text });
    const apart = one.held && here().some(waits) && "Not sent"; // which else is said of all
    words.textContent = [apart, one.act?.label, one.text && `“${one.text}”`].filter(Boolean).join(": ");
    item.append(words);
    const button = (text, name, click) => {
      const made = document.createElement("button");
      Object.assign(made, { type: "button", className: "easel-button", textContent: text, ariaLabel: name, title: name });
      made.addEventListener("click", click);
      item.append(made);
    };
    const again = () => {
      if (one.path !== "/") return every(({ id }) => id === one.id, { held: "", behind: busy() });
      drop(one);
      fill(one.text);
      soon = true; // a new session begins with it
      changed();
    };
    if (one.held && (one.path !== "/" || !one.act)) button("Send", `Send ${words.textContent}`, again);
    button("×", `Take back ${words.textContent}`, () => {
      drop(one);
      fill(lines(one.text, box().value));
      box().focus();
      const { image, region } = one.act?.args ?? {};
      if (one.text && image) tell(`${region ? "Mark the part" : "Press Edit…"} of #${image} again, or another picture changes.`);
    });
    return item;
  }

  const isSent = (event) => event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target === box();
  document.addEventListener("keydown", (event) => isSent(event) && take(event), true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !event.isTrusted) return;
    if (marked && event.target === box()) marked.close();
    // The first one closes only the hint of what the pointer is on; a menu that stays open takes every click.
    const menu = () => document.querySelector("[role=menu][data-state=open]");
    if (menu()) setTimeout(() => menu()?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true })), 50);
  }, true);
  document.addEventListener("input", (event) => {
    if (event.target !== box()) return;
    if (event.isTrusted) [told, soon, typed] = ["", false, Date.now()];
    keep();
    changed();
  });
  document.addEventListener("click", (event) => event.target.closest("#chat-submit") && take(event), true);

  // On a phone the list of sessions lies over the page: it closes when one is chosen.
  const picked = (event) => {
    const session = event.target.closest("[data-mobile=true] #thread-history a");
    if (!session || event.target.closest("#thread-options")) return;
    setTimeout(() => document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true })));
  };
  document.addEventListener("click", picked, true);

  // A page that goes on by itself is not one to go back to: the welcome, when its session gets an address, and a
  // session that cannot be opened.
  const push = history.pushState.bind(history);
  history.pushState = (state, title, address) => {
    keep();
    before = location.pathname;
    const welcome = location.pathname === "/";
    if (welcome || !box()) history.replaceState(state, title, address);
    else push(state, title, address);
    if (!welcome || !busy()) return;
    store(location.pathname, kept("/")); // typed while the session began
    store("/", "");
    every((one) => one.path === "/" && waits(one), { path: location.pathname });
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
  const SILENT = "Easel cannot be reached; is it still running, and is this device online?";
  const SENTENCES = [
    [/^File type must be/, () => "Only PNG, JPEG and WebP pictures can be taken; save yours as one of these."],
    [/^Too many files/, () => `At most ${most} pictures go with a message; choose fewer.`],
    [/no such session/, () => "That session is not here; it may have been deleted."],
    [/^Bad Request: (.*)/, (found) => found[1]],
    [/^Couldn't resume chat$|Failed to fetch/, () => SILENT],
  ];
  const reworded = () => {
    for (const title of document.querySelectorAll("[data-sonner-toast] [data-title]")) {
      const found = SENTENCES.find(([theirs]) => theirs.test(title.textContent));
      if (found) title.textContent = found[1](found[0].exec(title.textContent));
    }
    deleting();
  };

  // The dialog that deletes a session says which, and what goes with it.
  let chosen = null; // the session whose menu was opened last
  const choose = (event) => {
    const session = event.target.closest("#thread-options")?.closest("li");
    if (session) chosen = { id: session.id.replace("thread-", ""), title: session.querySelector(".truncate").textContent };
  };
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, choose, true);
  // The menu that it came from is gone with what had the focus.
  const closed = (dialog) => {
    if (dialog.isConnected) return void setTimeout(closed, 50, dialog);
    if (document.activeElement === document.body) document.querySelector(`#thread-${chosen.id} #thread-options`)?.focus();
  };
  const deleting = () => {
    const button = document.querySelector("[role=alertdialog] button:last-of-type:not(.easel-delete)");
    if (!button || !chosen) return;
    button.classList.add("easel-delete");
    button.textContent = "Delete";
    const dialog = button.closest("[role=alertdialog]");
    closed(dialog);
    dialog.querySelector("h2").textContent = `Delete “${chosen.title}”?`;
    send("GET", `/api/sessions/${chosen.id}`).then(({ pictures, shared }) => {
      const what = ["", "and its picture "][pictures] ?? `and its ${pictures} pictures `;
      const others = pictures ? "more" : shared === 1 ? "picture" : "pictures";
      const stays = shared ? ` ${shared} ${others} ${shared === 1 ? "stays" : "stay"} in other sessions.` : "";
      dialog.querySelector("p").textContent = `The session ${what}will be deleted for good.${stays}`;
    }, () => {});
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
      }
    }
    // A session is one stop of the Tab key, and its menu another.
    for (const session of document.querySelectorAll("#thread-history li > a")) {
      const title = session.querySelector(".truncate").textContent;
      if (session.ariaLabel === title) continue;
      session.ariaLabel = title;
      const [inner, menu] = [session.querySelector("button"), session.querySelector("#thread-options")];
      Object.assign(inner, { tabIndex: -1, role: "group" });
      Object.assign(menu, { tabIndex: 0, role: "button", ariaLabel: `Rename or delete “${title}”` });
    }
    // What is said and made is read out as it comes.
    const talk = document.querySelector("[data-step-type]")?.parentElement;
    if (talk && talk.role !== "log") Object.assign(talk, { role: "log", ariaLive: "polite", ariaLabel: "Conversation" });
  };

  // The end of a reply stays in sight while it grows, unless the person does something above it.
  let away = false;
  let running = false;
  let opening = true; // nothing was said yet since the session was opened
  let until = 0; // the last parts of a reply come after its end, and those of a session that is opened one by one
  let [shown, drawn] = ["", 0];
  let following = 0;
  const end = () => {
    const last = [...document.querySelectorAll("[data-step-type]")].pop();
    const scroller = last?.closest(".overflow-y-auto");
    const [below, edge] = [last, scroller].map((one) => one?.getBoundingClientRect().bottom ?? 0);
    return { scroller, hidden: scroller ? below - edge : 0 };
  };
  const sighted = () => document.body.classList.toggle("easel-at-end", end().hidden <= 0);
  document.addEventListener("scroll", sighted, { capture: true, passive: true });
  const follow = () => {
    following = 0;
    const { scroller, hidden } = end();
    if (away || !scroller || marked) return; // a picture that is being marked stays
    const far = opening || hidden > scroller?.clientHeight;
    if (hidden > 0 || opening) scroller.scrollBy({ top: hidden, behavior: far ? "instant" : "smooth" });
  };
  // The server is asked for earlier turns; what is in sight stays where it is while they come, unless one scrolls.
  let held = null;
  function earlier() {
    const step = document.querySelectorAll("[data-step-type]")[1]; // the first is the button
    [away, held] = [true, { step, top: step.getBoundingClientRect().top, until: Date.now() + 20_000, came: false }];
    postMessage({ easel: "earlier" });
  }
  const hold = () => {
    if (!held) return;
    const moved = held.step.getBoundingClientRect().top - held.top;
    if (moved && !held.came) {
      held = { ...held, came: true, until: Date.now() + 2000 }; // their cards are drawn later
      if (document.activeElement === document.body) {
        held.step.tabIndex = -1; // the button is gone with the focus
        held.step.focus({ preventScroll: true });
      }
    }
    if (moved) held.step.closest(".overflow-y-auto")?.scrollBy({ top: moved, behavior: "instant" });
    if (Date.now() > held.until || !held.step.isConnected) held = null;
  };
  const watch = () => {
    if (busy() && !running) away = false;
    running = busy();
    const parts = document.querySelectorAll("[data-step-type], .easel-card").length;
    if (shown !== location.pathname || !parts) [away, opening] = [false, true]; // another session is opened
    if (running) opening = false;
    if (running || parts > drawn) until = Date.now() + 1000;
    [shown, drawn] = [location.pathname, parts];
    if (Date.now() < until) following ||= setTimeout(follow, 300); // after Chainlit's own scrolling
  };
  const SCROLLS = new Set(["ArrowUp", "PageUp", "Home"]);
  const scrolled = (event) => {
    const moves = event.type !== "keydown" || (SCROLLS.has(event.key) && !event.target.matches?.("input, textarea"));
    const talk = event.target.closest?.(".overflow-y-auto")?.querySelector("[data-step-type]");
    if (moves) held = null;
    if (moves && (talk || event.target === document.body)) away = true;
  };
  for (const kind of ["wheel", "touchmove", "keydown"]) document.addEventListener(kind, scrolled, { passive: true });

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
    frame ||= setTimeout(() => { // also in a tab in the background
      frame = 0;
      if (stoppable()) sending = 0;
      named();
      keep();
      seen();
      deliver();
      hint();
      reworded();
      hold();
      watch();
      sighted();
    }, 16);
  };
  document.addEventListener("DOMContentLoaded", () => {
    document.body.insertAdjacentHTML(
      "afterbegin",
      '<h1 class="sr-only">Easel</h1><button type="button" id="easel-skip">Go to the message box</button>',
    );
    document.getElementById("easel-skip").addEventListener("click", () => box()?.focus());
    const moved = () => {
      if (box() !== filled) keep(); // at once: somebody may be typing
      changed();
    };
    new MutationObserver(moved).observe(document.body, { childList: true, subtree: true });
  });
})();
