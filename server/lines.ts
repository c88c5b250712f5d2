/** One line of a text stream; `tooLong` stands for a line that was passed over unread. */
export type Line = { text: string } | { tooLong: true };

const NEWLINE = 10;

/**
 * The lines of a stream of UTF-8, without their line ends; empty ones are left out. Never holds more than one line.
 * @param maxLineBytes longer lines are read to their end and dropped
 * @throws what `onBytes` throws, which is told of every chunk's length
 */
export async function* readLines(
  stream: AsyncIterable<Buffer>,
  maxLineBytes: number,
  onBytes: (length: number) => void,
): AsyncGenerator<Line> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  const finish = (): Line[] => {
    const text = heldBytes > maxLineBytes ? undefined : Buffer.concat(held).toString().trim();
    held = [];
    heldBytes = 0;
    if (text === undefined) return [{ tooLong: true }];
    return text === '' ? [] : [{ text }];
  };
  const add = (piece: Buffer): void => {
    heldBytes += piece.length;
    if (heldBytes <= maxLineBytes) held.push(piece);
    else held = [];
  };

  for await (const chunk of stream) {
    onBytes(chunk.length);
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, end));
      yield* finish();
      start = end + 1;
    }
    add(chunk.subarray(start));
  }
  yield* finish();
}
