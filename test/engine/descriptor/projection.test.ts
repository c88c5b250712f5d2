import { describe, expect, it } from 'vitest';
import { project, splitProjection } from '../../../engine/descriptor/projection.js';

describe('project', () => {
  it('is W x + b with W row-major', () => {
    const projection = splitProjection(Float32Array.of(1, 2, 3, 4, 5, 6, 10, 20), 3, 2, 'p.f32');
    // 1*1 + 2*0 + 3*-1 + 10; 4*1 + 5*0 + 6*-1 + 20
    expect([...project(projection, Float32Array.of(1, 0, -1))]).toEqual([8, 18]);
  });
  it('refuses values that are not of its shape', () => {
    expect(() => splitProjection(new Float32Array(7), 3, 2, 'p.f32')).toThrow(
      'p.f32: expected 8 values (2 x 3 weights and 2 of bias), got 7',
    );
  });
});
