import { describe, expect, it } from 'vitest';
import {
  type Change,
  counts,
  grouped,
  kindName,
  namesIn,
  propertyName,
  shownValue,
} from '../../../src/studio/compare/changes';
import { tables } from '../../../src/studio/compare/table';

const change = (part: Change['part'], how: Change['how'], file = ''): Change => ({
  part,
  file,
  id: `${part}-${how}`,
  kind: 'userTask',
  name: '审核',
  how,
  details: [],
});

describe('what changed', () => {
  it('is told file by file, the diagram in one group', () => {
    const groups = grouped([
      change('diagram', 'added'),
      change('diagram', 'changed'),
      change('form', 'changed', 'review'),
    ]);
    expect(groups.map(([title, some]) => [title, some.length])).toEqual([
      ['流程图', 2],
      ['表单“review”', 1],
    ]);
  });

  it('is counted by kind, without the kinds that are not there', () => {
    expect(counts([change('diagram', 'moved'), change('form', 'moved', 'x')])).toEqual([
      ['moved', 2],
    ]);
  });

  it('names properties as managers know them, and foreign ones by their path', () => {
    expect(propertyName('extensionElements/zeebe:taskSchedule/@dueDate')).toBe('办理期限');
    expect(propertyName('extensionElements/zeebe:properties/zeebe:property[side]/@value')).toBe(
      '属性 side',
    );
    expect(propertyName('extensionElements/other:note/@colour')).toBe('other:note/@colour');
    expect(propertyName('审核时限（小时）/text')).toBe('审核时限（小时）');
    expect(kindName('userTask')).toBe('人工任务');
    expect(kindName('callActivity')).toBe('callActivity');
  });
});

describe('a decision table', () => {
  it('is read into columns and rules', () => {
    const xml = `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/">
      <decision id="d" name="时限"><decisionTable>
        <input label="紧急程度"><inputExpression><text>urgency</text></inputExpression></input>
        <output name="hours"/>
        <rule id="r1"><description>普通</description>
          <inputEntry><text>"routine"</text></inputEntry><outputEntry><text>24</text></outputEntry>
        </rule>
      </decisionTable></decision></definitions>`;
    expect(tables(xml)).toEqual([
      {
        name: '时限',
        columns: [
          { label: '紧急程度', isOutput: false },
          { label: 'hours', isOutput: true },
        ],
        rules: [{ id: 'r1', cells: ['"routine"', '24'] }],
      },
    ]);
  });

  it('is none where there is no file', () => {
    expect(tables(undefined)).toEqual([]);
  });
});

describe('names', () => {
  const xml = `<p><a id="x" name="审核"/><a id="y" name="排期"/>
    <f id="f" sourceRef="x" targetRef="y"/><f id="g" name="同意" sourceRef="x" targetRef="y"/></p>`;

  it('of flows without one are their ends', () => {
    expect(namesIn(xml, '').get('f')).toBe('审核 → 排期');
    expect(namesIn(xml, '').get('g')).toBe('同意');
  });

  it('stand for references, and for nothing else', () => {
    const names = namesIn(xml);
    const detail = (path: string) => ({ path, before: null, after: null });
    expect(shownValue(detail('@targetRef'), 'y', names)).toBe('排期');
    expect(shownValue(detail('@name'), 'y', names)).toBe('y');
  });
});
