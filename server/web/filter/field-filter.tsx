import { useId } from 'preact/hooks';
import type { FieldFacts } from '../../../engine/store/field-facts.js';
import { words } from '../words/words.js';
import type { FilterRow, Plain } from './filter-rows.js';

interface FieldFilterProps {
  facts: FieldFacts;
  row: FilterRow | undefined;
  onChange: (row: FilterRow) => void;
}

/** More values than this are not read through: one is written instead. */
const LISTED = 60;

/** The condition on one field, of the form that its values ask for. */
export function FieldFilter({ facts, row, onChange }: FieldFilterProps) {
  const { field, types, distinct } = facts;
  return (
    <details class="field-filter" open={row !== undefined}>
      <summary>
        <span>{field}</span>
        {row !== undefined && <span class="dot" />}
      </summary>
      {types[0] === 'number' && distinct > 6 ? (
        <RangeFilter {...{ facts, row, onChange }} />
      ) : distinct <= LISTED ? (
        <ValuesFilter {...{ facts, row, onChange }} />
      ) : (
        <TextFilter {...{ facts, row, onChange }} />
      )}
    </details>
  );
}

function ValuesFilter({ facts: { field, values }, row, onChange }: FieldFilterProps) {
  const chosen = row?.kind === 'values' ? row.values : [];
  const toggle = (value: Plain): void => {
    const next = chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value];
    onChange({ field, kind: 'values', values: next });
  };
  return (
    <ul class="values">
      {values.map(({ value, images }) => (
        <li key={`${typeof value} ${String(value)}`}>
          <label>
            <input type="checkbox" checked={chosen.includes(value)} onChange={() => toggle(value)} />
            <span class="value">{say(value)}</span>
            <span class="faint">{images}</span>
          </label>
        </li>
      ))}
    </ul>
  );
}

function RangeFilter({ facts: { field, min, max }, row, onChange }: FieldFilterProps) {
  const { filter: text } = words.value;
  const range = row?.kind === 'range' ? row : undefined;
  const change = (name: 'min' | 'max', written: string): void => {
    const { [name]: _before, ...rest } = range ?? { field, kind: 'range' as const };
    const bound = Number(written);
    onChange({ ...rest, field, kind: 'range', ...(written === '' || Number.isNaN(bound) ? {} : { [name]: bound }) });
  };
  const input = (name: 'min' | 'max', placeholder: number | undefined) => (
    <label class="labelled">
      <span>{text[name]}</span>
      <input
        class="field"
        type="number"
        step="any"
        placeholder={String(placeholder ?? '')}
        value={range?.[name] ?? ''}
        onChange={({ currentTarget }) => change(name, currentTarget.value)}
      />
    </label>
  );
  return (
    <div class="range">
      {input('min', min)}
      {input('max', max)}
    </div>
  );
}

function TextFilter({ facts: { field, values }, row, onChange }: FieldFilterProps) {
  const { filter: text } = words.value;
  const list = useId();
  const value = row?.kind === 'values' ? String(row.values[0] ?? '') : '';
  const change = (written: string): void =>
    onChange({ field, kind: 'values', values: written === '' ? [] : [known(written)] });
  const known = (written: string): Plain => values.find((other) => String(other.value) === written)?.value ?? written;
  return (
    <label class="labelled">
      <span>{text.equals}</span>
      <input class="field" list={list} value={value} onChange={({ currentTarget }) => change(currentTarget.value)} />
      <datalist id={list}>
        {values.map((other) => (
          <option key={String(other.value)} value={String(other.value)} />
        ))}
      </datalist>
    </label>
  );
}

function say(value: Plain): string {
  const { filter: text } = words.value;
  return typeof value === 'boolean' ? (value ? text.yes : text.no) : String(value);
}
