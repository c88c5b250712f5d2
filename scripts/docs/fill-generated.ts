/** A part of a page that is made from the code; `name` says which. */
const GENERATED = /(<!-- generated: ([a-z-]+) -->\n)[^]*?(<!-- end -->)/g;

/** Makes each part of the manual that is not written by hand, by the name in its marker. */
export type GeneratedParts = Readonly<Record<string, string>>;

/**
 * Puts the parts between their markers, `<!-- generated: NAME -->` and `<!-- end -->`; all else stays.
 * @throws Error for a marker that names no part
 */
export function fillGenerated(page: string, parts: GeneratedParts): string {
  return page.replace(GENERATED, (_whole, start: string, name: string, end: string) => {
    const part = parts[name];
    if (part === undefined)
      throw new Error(`expected one of ${Object.keys(parts).join(', ')} in <!-- generated: -->, got ${name}`);
    return `${start}\n${part.trim()}\n\n${end}`;
  });
}

/** @returns the names in the page's markers, in their order. */
export function generatedNames(page: string): string[] {
  return Array.from(page.matchAll(GENERATED), (match) => match[2]!);
}
