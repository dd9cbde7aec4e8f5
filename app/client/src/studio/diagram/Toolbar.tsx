/** The buttons above the canvas. */
import { type Signal, useSignal } from '@preact/signals';
import { Icon } from '../../room/Icon';
import { t } from '../words/diagram';
import { COLOURS, paint } from './colours';
import { Keys } from './Keys';
import type { StudioModeler } from './modeler';
import { fitAll, zoomBy } from './view';

interface Props {
  modeler: StudioModeler;
  /** Counts the changes; what may be undone depends on it. */
  changes: Signal<number>;
  showsKeys: Signal<boolean>;
}

export function Toolbar({ modeler, changes, showsKeys }: Props) {
  const stack = modeler.get('commandStack');
  const canvas = modeler.get('canvas');
  const actions = modeler.get('editorActions');
  changes.value; // read, so that the buttons follow
  return (
    <div class="canvas-tools" role="toolbar" aria-label={t('diagram.tools')}>
      <Tool
        icon="undo"
        label={t('diagram.undo')}
        disabled={!stack.canUndo()}
        act={() => stack.undo()}
      />
      <Tool
        icon="redo"
        label={t('diagram.redo')}
        disabled={!stack.canRedo()}
        act={() => stack.redo()}
      />
      <Tool
        icon="search"
        label={t('diagram.find')}
        // After this click, which would close it again.
        act={() => setTimeout(() => actions.trigger('find', undefined))}
      />
      <Colours modeler={modeler} />
      <span class="canvas-tools__gap" />
      <Tool icon="minus" label={t('diagram.out')} act={() => zoomBy(canvas, 'out')} />
      <Tool icon="plus" label={t('diagram.in')} act={() => zoomBy(canvas, 'in')} />
      <Tool icon="fit" label={t('diagram.fit')} act={() => fitAll(canvas)} />
      <Tool
        icon="info"
        label={t('diagram.keys')}
        act={() => {
          showsKeys.value = true;
        }}
      />
      {showsKeys.value && (
        <Keys
          onClose={() => {
            showsKeys.value = false;
          }}
        />
      )}
    </div>
  );
}

/** For what is selected; the names beside the swatches say which is which. */
function Colours({ modeler }: { modeler: StudioModeler }) {
  const isOpen = useSignal(false);
  return (
    <span class="canvas-colours">
      <button
        type="button"
        class="button button--quiet button--small"
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        {t('diagram.colour')}
      </button>
      {isOpen.value &&
        COLOURS.map((name) => (
          <button
            key={name}
            type="button"
            class={`canvas-colours__swatch canvas-colours__swatch--${name}`}
            title={t(`diagram.colour.${name}`)}
            aria-label={t(`diagram.colour.${name}`)}
            onClick={() => paint(modeler, name)}
          />
        ))}
    </span>
  );
}

interface ToolProps {
  icon: string;
  label: string;
  act(): void;
  disabled?: boolean;
}

export function Tool({ icon, label, act, disabled = false }: ToolProps) {
  return (
    <button
      type="button"
      class="button button--quiet button--icon button--small"
      title={label}
      aria-label={label}
      disabled={disabled}
      onClick={act}
    >
      <Icon name={icon} />
    </button>
  );
}
