/**
 * Builds the front end into `.run/static`: our stylesheet, and the script of govuk-frontend as it comes.
 *
 * Our own scripts need no building: they are served from `static/js` as they are written.
 */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(project, "node_modules");
const built = join(project, ".run", "static");

const SCRIPTS = {
  "govuk-frontend.min.js": "govuk-frontend/dist/govuk/govuk-frontend.min.js",
};

/** Whole or not at all: a running portal may read the file at any moment. */
async function write(path, text) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

for (const [name, source] of Object.entries(SCRIPTS)) {
  const script = await readFile(join(modules, source), "utf8");
  // The map is not served, and hashing static files fails on a name that isn't there.
  await write(join(built, "vendor", name), script.replace(/\/\/# sourceMappingURL=\S+\s*$/, "\n"));
}

// Last, because make takes the stylesheet for the sign that all is built.
const { css } = sass.compile(join(project, "static", "css", "portal.scss"), {
  loadPaths: [modules, project], // MoJ's Sass names its neighbour from the project's folder
  quietDeps: true,
  style: "compressed",
});
await write(join(built, "css", "portal.css"), css);
