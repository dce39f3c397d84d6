/**
 * A button that copies a text which is on the page anyway.
 *
 *   <button type="button" data-module="copy" data-copy-from="cite-text" data-copy-status="cite-status">
 *   <p id="cite-status" role="status" class="copied"></p>
 */
export function start(button) {
  const source = document.getElementById(button.dataset.copyFrom);
  const status = document.getElementById(button.dataset.copyStatus);
  if (!source) return;

  button.addEventListener("click", async () => {
    const text = source.textContent.replace(/\s+/g, " ").trim();
    let words = "Copied";
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Not allowed here: select it, so that the keyboard can copy it
      getSelection().selectAllChildren(source);
      words = "Selected. Press Ctrl and C to copy";
    }
    if (status) status.textContent = words;
  });
}
