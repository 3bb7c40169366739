// Judges pages as people meet them: a validator, and a browser with its accessibility checker, light and dark, narrow
// and wide. Prints one JSON object for each file named: what was found, and how many checks there were.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { HtmlValidate } from "html-validate";
import puppeteer from "puppeteer-core";

const WIDTHS = [390, 1280];
const SCHEMES = ["light", "dark"];
const validator = new HtmlValidate({ extends: ["html-validate:recommended"] });

async function invalid(path) {
  const report = await validator.validateString(readFileSync(path, "utf8"));
  return report.results.flatMap((result) => result.messages.map((one) => `${one.ruleId} ${one.line}: ${one.message}`));
}

async function seen(browser, path, width, scheme) {
  const page = await browser.newPage();
  const complaints = [], requests = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => requests.push(request.url()));
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.goto(pathToFileURL(path).href);
  const unreached = await page.evaluate(() => {
    const links = [...document.querySelectorAll("#findings a")].map((link) => link.hash);
    return links.filter((hash) => {
      location.hash = hash;
      return !document.querySelector(hash).checkVisibility({ contentVisibilityAuto: true });
    });
  });
  const ground = await page.evaluate(() => {
    for (const one of document.querySelectorAll("details")) one.open = true;
    return getComputedStyle(document.body).backgroundColor;
  });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  const styled = { overflow, ground, unreached, complaints: [...complaints], requests: requests.slice(1) };
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run());
  await page.close();
  const faults = violations.map((one) => `${one.id} (${one.impact}): ${one.nodes[0].html.slice(0, 200)}`);
  return { width, scheme, ...styled, faults, passes: passes.length };
}

const browser = await puppeteer.launch({
  executablePath: process.env.DSLINT_CHROMIUM,
  args: ["--no-sandbox"], // in a container there is none; the pages are our own
  headless: "shell",
});
try {
  for (const path of process.argv.slice(2)) {
    const views = [];
    for (const width of WIDTHS) for (const scheme of SCHEMES) views.push(await seen(browser, path, width, scheme));
    console.log(JSON.stringify({ path, invalid: await invalid(path), views }));
  }
} finally {
  await browser.close();
}
