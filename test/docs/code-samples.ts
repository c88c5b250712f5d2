/** A block of code in a page: fenced, with its language, or indented by four spaces. */
export interface CodeSample {
  language: string;
  text: string;
  /** Of its first line in the page, from 1. */
  line: number;
}

/** @returns every block of code of a page of Markdown, in its order. */
export function codeSamples(page: string): CodeSample[] {
  const lines = page.split('\n');
  const samples: CodeSample[] = [];
  for (let i = 0; i < lines.length; i++) {
    const fence = /^ {0,3}```(\w*)/.exec(lines[i]!);
    const isIndented = lines[i]!.startsWith('    ') && (i === 0 || lines[i - 1]!.trim() === '');
    if (fence === null && !isIndented) continue;
    const start = fence === null ? i : i + 1;
    let end = start;
    while (end < lines.length && goesOn(lines, end, fence !== null)) end++;
    const text = lines.slice(start, end).map((line) => (fence === null ? line.slice(4) : line));
    samples.push({ language: fence?.[1] ?? '', text: text.join('\n').trimEnd(), line: start + 1 });
    i = end;
  }
  return samples;
}

function goesOn(lines: string[], i: number, isFenced: boolean): boolean {
  const line = lines[i]!;
  if (isFenced) return !/^ {0,3}```/.test(line);
  return line.startsWith('    ') || (line.trim() === '' && (lines[i + 1] ?? '').startsWith('    '));
}

/** @returns the commands of a sample: lines that end in a backslash go on, comments are dropped. */
export function shellCommands({ text }: CodeSample): string[] {
  return text
    .replace(/\s*\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#\s.*$/, '').trim())
    .filter((line) => line !== '');
}
