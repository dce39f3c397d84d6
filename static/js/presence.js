/**
 * Says who else is at work on the same draft, and tells them about us, every twenty seconds.
 *
 *   <p data-module="presence" data-url="…" data-part="…">Nobody else is here.</p>
 */
const EVERY = 20_000;

export function start(line) {
  async function call() {
    if (document.visibilityState !== "visible") return;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
    if (line.dataset.part) body.set("part", line.dataset.part);
    try {
      const response = await fetch(line.dataset.url, { method: "POST", body, redirect: "manual" });
      if (!response.ok) return;
      const { words } = await response.json();
      if (line.textContent !== words) line.textContent = words;
    } catch {
      // Not there at the moment: whoever was here last stands a little longer
    }
  }

  setInterval(call, EVERY);
  document.addEventListener("visibilitychange", call);
  call();
}
