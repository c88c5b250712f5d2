/** The lines of a body of text, as they come. */
export async function* textLines(response: Response): AsyncGenerator<string> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '');
  }
  if (rest !== '') yield rest;
}

/** What comes before the content of an event. */
const DATA = 'data: ';

/** The contents of server-sent events, as they come. @throws TypeError if the connection breaks */
export async function* eventContents(response: Response): AsyncGenerator {
  for await (const line of textLines(response)) if (line.startsWith(DATA)) yield JSON.parse(line.slice(DATA.length));
}
