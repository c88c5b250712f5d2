import { markdownTable } from './markdown.js';

/** @param text what the server answers at /metrics. @returns Likeness's own metrics; those of the process are prom-client's. */
export function metricsPart(text: string): string {
  const types = new Map(Array.from(text.matchAll(/^# TYPE (\S+) (\S+)$/gm), ([, name, type]) => [name!, type!]));
  const rows = Array.from(text.matchAll(/^# HELP (likeness_\S+) (.*)$/gm), ([, name, help]) => [
    `\`${name!}\``,
    types.get(name!) ?? '',
    help!,
  ]);
  return markdownTable(['metric', 'type', 'what it counts'], rows);
}
