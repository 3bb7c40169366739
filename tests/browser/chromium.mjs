// Prints the path of the browser that comes with the packages, unpacked beside them.

import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import chromium from "@sparticuz/chromium";

process.env.TMPDIR = fileURLToPath(new URL("node_modules/.cache", import.meta.url)); // where it unpacks
mkdirSync(process.env.TMPDIR, { recursive: true });
console.log(await chromium.executablePath());
