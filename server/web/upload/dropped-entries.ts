import type { UploadItem } from './upload-queue.js';

/** A file with its path below what was dropped or chosen. */
export interface FoundFile {
  path: string;
  file: File;
}

const PICTURE = /\.(jpe?g|png|webp|avif|gif|tiff?)$/i;

/** All files of a drop, those in folders included. */
export async function droppedFiles(transfer: DataTransfer): Promise<FoundFile[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  return (await Promise.all(entries.map((entry) => filesOf(entry)))).flat();
}

/** Files of an input; those of a chosen folder bring their path. */
export function chosenFiles(files: FileList | null): FoundFile[] {
  return [...(files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/**
 * What is uploaded of them: pictures, each under its path below the top folder.
 * @param folderField metadata field that takes the name of the folder that a picture lies in; none for the empty text
 */
export function toUploadItems(found: readonly FoundFile[], folderField: string): UploadItem[] {
  return found
    .filter(({ path }) => PICTURE.test(path))
    .map(({ path, file }) => {
      const parts = path.split('/').filter((part) => part !== '');
      const below = parts.length > 1 ? parts.slice(1) : parts;
      const folder = parts.at(-2);
      const metadata = folderField === '' || folder === undefined ? {} : { [folderField]: folder };
      return { id: below.join('/'), file, metadata };
    });
}

async function filesOf(entry: FileSystemEntry): Promise<FoundFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ path: entry.fullPath, file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: FoundFile[] = [];
  // a reader gives a part of the folder at a time
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return found;
    for (const inner of part) found.push(...(await filesOf(inner)));
  }
}
