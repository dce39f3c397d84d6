/**
 * Starts what a page uses. Every page works without it.
 *
 * The addresses of all scripts stand in data- attributes of this script's own tag, because static files carry a
 * hash in their names: a relative `import` would look for a file that isn't there. `import()` from a script that
 * the policy trusts is trusted, so `script-src 'nonce-…' 'strict-dynamic'` is all it needs.
 */
const addresses = document.getElementById("portal-script").dataset;

/** Ours: [what on the page asks for it, name of its data- attribute]. Each exports `start(element, addresses)`. */
const OURS = [
  ["[data-module='contents']", "contents"],
  ["[data-module='copy']", "copy"],
  ["[data-module='print']", "print"],
  ["[data-module='keep-place']", "keepPlace"],
  ["[data-module='filter']", "filter"],
  ["[data-module='toolbar']", "toolbar"],
  ["[data-module='preview']", "preview"],
  ["[data-module='autosave']", "autosave"],
  ["[data-module='presence']", "presence"],
  ["[data-module='pick']", "pick"],
  ["[data-module='beside']", "beside"],
  ["[data-module='others']", "others"],
  ["[data-module='next-change']", "nextChange"],
  ["[data-module='search']", "search"],
  ["[data-module='results']", "results"],
];

/** What one piece cannot do is no reason for the others not to start. */
function report(error) {
  console.error(error);
}

async function startGovuk() {
  const govuk = await import(addresses.govuk);
  const components = [
    govuk.Button,
    govuk.CharacterCount,
    govuk.Checkboxes,
    govuk.ErrorSummary,
    govuk.NotificationBanner,
    govuk.PasswordInput,
    govuk.Radios,
    govuk.ServiceNavigation,
    govuk.SkipLink,
    govuk.Tabs,
  ];
  for (const component of components) govuk.createAll(component, undefined, { onError: report });
}

async function startOurs(selector, name) {
  const elements = document.querySelectorAll(selector);
  if (!elements.length) return;
  const { start } = await import(addresses[name]);
  elements.forEach((element) => start(element, addresses));
}

startGovuk().catch(report);
for (const [selector, name] of OURS) startOurs(selector, name).catch(report);
