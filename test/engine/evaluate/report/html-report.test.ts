import { describe, expect, it } from 'vitest';
import { renderHtmlReport } from '../../../../engine/evaluate/report/html/html-report.js';
import { formatNumber } from '../../../../engine/evaluate/report/format-number.js';
import { dotPlot } from '../../../../engine/evaluate/report/html/dot-plot.js';
import { escapeMarkup, linearScale, roundTicks } from '../../../../engine/evaluate/report/html/markup.js';
import { neededPictures } from '../../../../engine/evaluate/report/html/picture-strips.js';
import { sampleReport } from './sample-report.js';

const count = (text: string, part: string) => text.split(part).length - 1;

describe('report as HTML', () => {
  it('asks nothing of any other place', async () => {
    const report = await sampleReport();
    const picture = 'data:image/png;base64,iVBORw0KGgo=';
    const pictures = new Map(report.queries.map(({ id }) => [id, picture]));
    const html = renderHtmlReport(report, 'Sample', { queries: pictures, gallery: pictures });
    expect(html).toContain(`default-src 'none'`);
    expect(html).not.toMatch(/https?:|<script|<link|@import|url\(/i);
    const sources = [...html.matchAll(/\ssrc="([^"]*)"/g)].map(([, source]) => source);
    // 2 systems, best and worst, 2 queries each with 3 hits
    expect(sources).toHaveLength(2 * 2 * 2 * 4);
    expect(new Set(sources)).toEqual(new Set([picture]));
  });

  it('draws a curve and a dot a system, transform and class, with the numbers', async () => {
    const report = await sampleReport();
    const html = renderHtmlReport(report, 'Sample');
    expect(count(html, '<polyline')).toBe(2);
    // 2 systems x (2 transforms + 3 classes)
    expect(count(html, '<circle')).toBe(10);
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
    expect(html).toContain(report.systems[1]!.runs[0]!.metrics.ap!.mean.toFixed(3));
    expect(html).toContain('Against plain');
    const { mean } = report.systems[0]!.runs[1]!.drop!.ap!;
    expect(mean).not.toBe(0);
    expect(html).toContain(`<title>grey, plain: ${formatNumber(mean)} [`);
  });

  it('places the curve: precision 1 at recall 0 in the upper left corner', async () => {
    const report = await sampleReport(3, ['plain']);
    report.systems[0]!.runs[0]!.curve = [1, 0.5, 0];
    expect(renderHtmlReport(report, 'Sample')).toContain('points="46,12 515,194 984,376"');
  });

  it('escapes names and shows no address that is not a picture inside the page', async () => {
    const report = await sampleReport();
    const links = new Map(report.queries.map(({ id }) => [id, 'https://elsewhere/x.png']));
    const html = renderHtmlReport(report, '<i>"T"</i>', { queries: links, gallery: links });
    expect(html).not.toContain('<b>robust');
    expect(html).not.toContain('robust <b>');
    expect(html).toContain('robust &#60;b&#62;');
    expect(html).not.toContain('<i>"T"');
    expect(html).not.toContain('elsewhere');
  });

  it('folds many classes away and leaves out parts without content', async () => {
    const many = renderHtmlReport(await sampleReport(40), 'Many');
    expect(many).toContain('Lowest 16');
    expect(many).toContain('All 40 classes');
    const one = await sampleReport(3, ['plain']);
    one.systems[0]!.runs.splice(1);
    one.systems[0]!.runs[0]!.byLabel.splice(1);
    const html = renderHtmlReport(one, 'One');
    for (const part of ['Drop by transform', 'Against', 'by class', 'class="legend"']) expect(html).not.toContain(part);
  });

  it('says which pictures it needs, each once', async () => {
    const report = await sampleReport();
    const { queries, gallery } = neededPictures(report);
    const shown = report.systems.flatMap(({ best, worst }) => [...best, ...worst]);
    expect(queries.sort()).toEqual([...new Set(shown.map(({ query }) => query))].sort());
    expect(gallery.sort()).toEqual([...new Set(shown.flatMap(({ hits }) => hits.map(({ id }) => id)))].sort());
  });
});

describe('dot plot', () => {
  const shape = { title: 'T', width: 314, labelWidth: 100, domain: [0, 1], systems: ['s', 't'] } as const;

  it('places dots on the axis, systems on one line', () => {
    // 200 pixels for 0 .. 1, from 100 on; rows are 22 high from 6 on
    const svg = dotPlot([{ label: 'row', dots: [{ mean: 0.25 }, { mean: 1 }] }], shape);
    expect([...svg.matchAll(/cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [x, y])).toEqual([
      ['150', '17'],
      ['300', '17'],
    ]);
  });

  it('puts systems below each other where they have whiskers', () => {
    const dot = { mean: 0.5, range: { low: 0.25, high: 0.75 } };
    // two lanes of 12 and 10 between rows: 34 high, middle at 6 + 17
    const svg = dotPlot([{ label: 'row', dots: [dot, dot] }], shape);
    expect([...svg.matchAll(/cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [x, y])).toEqual([
      ['200', '17'],
      ['200', '29'],
    ]);
    expect(svg).toContain('x1="150" x2="250" y1="17" y2="17"');
  });

  it('shortens long labels', () => {
    expect(dotPlot([{ label: 'x'.repeat(30), dots: [] }], shape)).toContain(`>${'x'.repeat(21)}…<`);
  });
});

describe('markup', () => {
  it('escapes what could leave a text or an attribute', () => {
    expect(escapeMarkup(`<a b="c" d='e'>&`)).toBe('&#60;a b=&#34;c&#34; d=&#39;e&#39;&#62;&#38;');
  });

  it('scales, and finds round ticks that cover the range', () => {
    const scale = linearScale([0, 2], [10, 20]);
    expect([0, 1, 2].map(scale)).toEqual([10, 15, 20]);
    expect(linearScale([1, 1], [10, 20])(1)).toBe(10);
    expect(roundTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(roundTicks(-0.013, 0.071, 6)).toEqual([-0.02, 0, 0.02, 0.04, 0.06, 0.08]);
    expect(roundTicks(0, 4, 6)).toEqual([0, 1, 2, 3, 4]);
    expect(roundTicks(0, 0, 6)).toEqual([0]);
  });
});
