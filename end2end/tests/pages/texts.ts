// Texts that several tests type, and as links hold them.

import { deflateRawSync } from "node:zlib";

/** Letters without a pattern, which do not become shorter by packing. */
export function shuffled(length: number) {
  let state = 1;
  const letter = () => String.fromCharCode(97 + ((state = (state * 16807) % 2147483647) % 26));
  const words = Array.from({ length: 2500 }, () => letter() + letter() + letter() + letter() + letter());
  return words.join(" ").slice(0, length);
}

/** The query of a link to a text that it holds compressed. */
export function packed(text: string) {
  return `z=${deflateRawSync(text).toString("base64url")}`;
}
