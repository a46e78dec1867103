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

  window.addEventListener("message", (event) => {
    if (event.source !== window || event.data?.easel !== "selected") return;
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
  document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver(welcome).observe(document.body, { childList: true, subtree: true });
  });
})();
