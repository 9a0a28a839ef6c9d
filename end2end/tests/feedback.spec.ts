// Feedback: thumbs up and down, where the server keeps them, with what becomes of them said first.

import { readFile } from "node:fs/promises";
import { expect, test } from "./pages/analyzer";

test.use({ baseURL: process.env.VALENCE_WITH_ALL_URL });

for (const [button, choice] of [
  ["Yes, this is right", "up"],
  ["No, this is wrong", "down"],
]) {
  test(`a thumb ${choice} is kept with its text and answer`, async ({ analyzer, page }, { project }) => {
    const text = `A thumb ${choice} for "${project.name}" <b>${Date.now()}</b>`;
    await analyzer.open();
    await analyzer.hydrated();
    await analyzer.box.fill(text);
    const group = page.getByRole("group", { name: "Is this right?" });
    await expect(group).toContainText("keeps your text and this answer on the server");
    const label = (await analyzer.best.locator("strong").textContent())!.toUpperCase();
    await group.getByRole("button", { name: button }).click();
    await expect(group).toContainText("Thank you.");
    await expect(group.getByRole("button", { name: button })).toBeDisabled();
    await expect(group.getByRole("button", { name: button })).toBeFocused();
    await page.keyboard.press("Enter");

    const rows = (await readFile("../target/feedback.jsonl", "utf8")).trim().split("\n").map((row) => JSON.parse(row));
    const kept = rows.filter((row) => row.text === text);
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatchObject({ choice, model: "valence-mini" });
    if (label !== "MIXED") expect(kept[0].label).toBe(label);
  });
}

test("thumbs are drawn, up and down, whatever fonts there are", async ({ analyzer, page }) => {
  await analyzer.open("Good.");
  await analyzer.hydrated();
  const group = page.getByRole("group", { name: "Is this right?" });
  for (const [name, scale] of [["Yes, this is right", "none"], ["No, this is wrong", "1 -1"]]) {
    const button = group.getByRole("button", { name });
    await expect(button).toHaveText("");
    await expect(button.locator("svg")).toHaveCSS("scale", scale);
    expect((await button.locator("path").boundingBox())!.height).toBeGreaterThan(10);
  }
});

test("sharing does not promise what a thumb breaks", async ({ analyzer, page }) => {
  await analyzer.open("Good.");
  await analyzer.hydrated();
  await page.getByText("Share", { exact: true }).click();
  await expect(page.getByText("this server keeps it only if you press a thumb")).toBeVisible();
  await expect(page.getByText("this server keeps nothing")).toHaveCount(0);
});

test.describe("where nothing is kept", () => {
  test.use({ baseURL: process.env.VALENCE_URL });

  test("nobody is asked", async ({ analyzer, page }) => {
    await analyzer.open("Good.");
    await expect(analyzer.best).toBeVisible();
    await expect(page.getByRole("group", { name: "Is this right?" })).toHaveCount(0);
  });
});
