import { describe, expect, it } from 'vitest';
import { subjectsDrawing } from '../../../scripts/report/subjects-drawing.js';

describe('subjectsDrawing', () => {
  it('draws each box in pixels of the picture, the best on top, and no markup of a label', () => {
    const subjects = [
      { box: { x: 1, y: 2, width: 3, height: 4 }, score: 0.9, label: '<b>' },
      { box: { x: 5, y: 6, width: 7, height: 8 }, score: 0.4 },
    ];
    const svg = subjectsDrawing({ subjects, width: 40, height: 30 }, Uint8Array.of(1, 2, 3));
    expect(svg).toContain('viewBox="0 0 40 30"');
    expect(svg.indexOf('x="5" y="6" width="7" height="8"')).toBeLessThan(
      svg.indexOf('x="1" y="2" width="3" height="4"'),
    );
    expect(svg).toContain('&#60;b&#62; 0.90');
    expect(svg).not.toContain('<b>');
  });
});
