/** A button that opens the print dialogue: <button type="button" data-module="print" data-needs-script>. */
export function start(button) {
  button.addEventListener("click", () => window.print());
}
