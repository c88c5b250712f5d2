/** A picture that the user brought; it stays in this page, and its bytes go out only with a search. */
export interface HeldPicture {
  blob: Blob;
  /** For <img>. */
  url: string;
  name: string;
}

const held = new Map<string, HeldPicture>();

/** Keeps a picture as long as the page is open. @returns the name it goes by in the address */
export function holdPicture(blob: Blob, name: string): string {
  const token = Math.random().toString(36).slice(2, 10);
  held.set(token, { blob, name, url: URL.createObjectURL(blob) });
  return token;
}

/** @returns undefined for a picture of another page, or of this one before it was loaded again. */
export function heldPicture(token: string): HeldPicture | undefined {
  return held.get(token);
}

/** The bytes in base64, as JSON takes them. */
export async function base64Of(blob: Blob): Promise<string> {
  const reader = new FileReader();
  const read = new Promise((resolve, reject) => {
    reader.onload = resolve;
    reader.onerror = () => reject(reader.error ?? new Error('the file cannot be read'));
  });
  reader.readAsDataURL(blob);
  await read;
  return (reader.result as string).split(',')[1] ?? '';
}
