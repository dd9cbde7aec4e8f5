/** The messages of tests/protocol are the messages of this side; pytest holds the other to them. */
import { describe, expect, it } from 'vitest';
import fromPage from '../../../tests/protocol/from_page.json';
import toPage from '../../../tests/protocol/to_page.json';
import { type Outgoing, parse } from '../src/protocol';

// Checked by the compiler: what this side may send has the shape that the server takes.
const valid: { [E in keyof Outgoing]: Outgoing[E][] } = {
  'case:watch': fromPage['case:watch'].valid,
  'room:join': fromPage['room:join'].valid,
  'room:leave': [{}],
  'room:missed': fromPage['room:missed'].valid,
  'room:media': fromPage['room:media'].valid,
  'call:offer': fromPage['call:offer'].valid,
  'call:answer': fromPage['call:answer'].valid,
  'call:candidate': fromPage['call:candidate'].valid,
  'stroke:preview': fromPage['stroke:preview'].valid,
  'stroke:add': fromPage['stroke:add'].valid,
  'stroke:undo': fromPage['stroke:undo'].valid,
  'page:turn': fromPage['page:turn'].valid,
  'chat:say': fromPage['chat:say'].valid,
};

describe('what a page sends', () => {
  it('is every event that the server knows', () => {
    expect(Object.keys(valid).sort()).toEqual(Object.keys(fromPage).sort());
  });
});

describe('what a page is told', () => {
  it.each(toPage)('is understood: $type', (message) => {
    expect(parse(message)).toEqual(message);
  });

  it.each(toPage.filter((message) => Object.keys(message).length > 1))(
    'is not taken without all of its parts: $type',
    (message) => {
      const [part = ''] = Object.keys(message).filter((key) => key !== 'type');
      expect(parse({ ...message, [part]: undefined })).toBeNull();
    },
  );

  it.each([null, 'room:closed', 7, {}, { type: 'room:exploded' }, { type: 'toString' }])(
    'is dropped when it is no message: %j',
    (value) => {
      expect(parse(value)).toBeNull();
    },
  );
});
