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
    });
    const data = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(typeof data.detail === "string" ? data.detail : "That did not work; try again.");
    return data;
  }

  // Words of which nothing was kept are in the box again, unless something else is there already.
  function giveBack(text) {
    const box = document.getElementById("chat-input");
    if (!box || box.innerText.trim()) return;
    box.focus();
    document.execCommand("insertText", false, text);
  }

  window.addEventListener("message", (event) => {
    if (event.source !== window) return;
    if (event.data?.easel === "deleted" && location.pathname.endsWith(event.data.session)) location.assign("/");
    if (event.data?.easel === "unsent") giveBack(event.data.text);
    if (event.data?.easel !== "selected") return;
    selected.set(event.data.session, event.data.handle);
    listeners.forEach((listen) => listen());
  });

  window.Easel = {
    send,
    selected: (session) => selected.get(session) ?? null,
    onSelected(listen) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
    parts: {}, // the cards' components, kept so that a card that is sent again keeps what it is showing
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

  // The welcome says what the models can paint.
  let note = null;
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
  };

  // Enter in the dialog that renames a session confirms it.
  document.addEventListener("keydown", (event) => {
    const dialog = event.key === "Enter" && event.target.matches?.("input") && event.target.closest("[role=dialog]");
    const confirm = dialog && [...dialog.querySelectorAll("button")].find((one) => one.textContent.trim() === "Confirm");
    if (!confirm) return;
    event.preventDefault();
    confirm.click();
  });

  let waiting = 0;
  const changed = () => {
    welcome();
    waiting ||= requestAnimationFrame(() => {
      waiting = 0;
      named();
    });
  };
  document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver(changed).observe(document.body, { childList: true, subtree: true });
  });
})();
