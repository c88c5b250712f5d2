/** Parser of an option that may be given again. @returns the values so far with this one. */
export function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}
