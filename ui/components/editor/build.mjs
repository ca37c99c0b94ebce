// Bundles source/ into one file under built/, and puts the licences of what went into it beside it: `npm ci && npm run build`.
// The first line of the bundle names the hash of the sources it was made of; tests/ui/test_editor_bundle.py compares it.

import { createHash } from "node:crypto"
import { readFileSync, readdirSync, rmSync, mkdirSync, writeFileSync } from "node:fs"
import { build } from "esbuild"

const here = new URL(".", import.meta.url)
const read = (path) => readFileSync(new URL(path, here), "utf8")

function sources() {
  const names = readdirSync(new URL("source/", here)).sort()
  return ["../component.js", ...names.map((name) => `source/${name}`), "build.mjs", "package.json", "package-lock.json"]
}

function hash(paths) {
  const made = createHash("sha256")
  for (const path of paths) made.update(`${path}\n${read(path)}\n`)
  return made.digest("hex")
}

function licences(inputs) {
  const packages = Object.keys(inputs).map((path) => path.match(/^(node_modules\/(?:@[^/]+\/)?[^/]+)\//)?.[1])
  const used = [...new Set(packages.filter(Boolean))].sort()
  return used.map((folder) => {
    const { name, version } = JSON.parse(read(`${folder}/package.json`))
    return `${name} ${version}\n\n${read(`${folder}/LICENSE`).trim()}\n`
  })
}

const made = hash(sources())
const result = await build({
  absWorkingDir: here.pathname,
  entryPoints: ["source/index.js"],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  loader: { ".css": "text" },
  banner: { js: `/* sources ${made}; licences in LICENCES.txt */` },
  metafile: true,
  write: false,
})

rmSync(new URL("built/", here), { recursive: true, force: true })
mkdirSync(new URL("built/", here))
writeFileSync(new URL(`built/editor-${made.slice(0, 12)}.js`, here), result.outputFiles[0].contents)
writeFileSync(new URL("built/LICENCES.txt", here), licences(result.metafile.inputs).join("\n---\n\n"))
