/** The components one can add: dragged to the canvas, or by Enter below what is selected. */
import { iconsByType } from '@bpmn-io/form-js-viewer';
import type { ComponentType } from 'preact';
import { t } from '../words/forms';
import { GROUPS, type Group, type Kind } from './component';
import type { Canvas } from './editor';

export function Palette({ canvas }: { canvas: Canvas }) {
  return (
    <section class="forms-palette" aria-label={t('palette.title')}>
      <p class="field__hint">{t('palette.hint')}</p>
      {(Object.keys(GROUPS) as Group[]).map((group) => (
        <div key={group}>
          <h3 class="forms-palette__title">{t(`palette.${group}`)}</h3>
          {/* The classes by which form-js knows what can be dragged from where. */}
          <div class="forms-palette__kinds fjs-palette-fields fjs-drag-container fjs-no-drop">
            {GROUPS[group].map((kind) => (
              <button
                key={kind}
                type="button"
                class="forms-palette__kind fjs-palette-field fjs-drag-copy fjs-no-drop"
                data-field-type={kind}
                aria-label={t('palette.add', { type: t(`type.${kind}`) })}
                onClick={() => canvas.add(kind)}
              >
                <Drawing kind={kind} />
                {t(`type.${kind}`)}
              </button>
            ))}
          </div>
        </div>
      ))}
    </section>
  );
}

function Drawing({ kind }: { kind: Kind }) {
  const Icon = iconsByType(kind) as ComponentType<Record<string, string>> | undefined;
  return Icon ? <Icon class="forms-palette__icon" viewBox="0 0 54 54" aria-hidden="true" /> : null;
}
