/** Text with control characters, and those that turn the direction of text, written out (`\x1b`); tabs and line ends are kept. */
export function visible(text: string): string {
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (c) =>
    c < '\u0100' ? `\\x${hex(c, 2)}` : `\\u${hex(c, 4)}`,
  );
}

/** The same on one line, so that a name cannot pass for lines of its own. */
export function visibleLine(text: string): string {
  return visible(text.replace(/\s+/g, ' '));
}

function hex(character: string, digits: number): string {
  return character.charCodeAt(0).toString(16).padStart(digits, '0');
}
