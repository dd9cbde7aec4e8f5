/** Whether the window fits a media query, kept true while it is resized. */
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';

/** From here on there is room for an editor. */
export const WIDE = '(min-width: 56.25rem)';

export function useMedia(query: string): boolean {
  const media = useMemo(() => matchMedia(query), [query]);
  const matches = useSignal(media.matches);
  useEffect(() => {
    const follow = () => {
      matches.value = media.matches;
    };
    media.addEventListener('change', follow);
    return () => media.removeEventListener('change', follow);
  }, [media, matches]);
  return matches.value;
}
