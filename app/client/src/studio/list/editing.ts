/**
 * Changes the diagram from the list: the same modeler as the drawing's, with nothing to see.
 *
 * So the drawing keeps its layout, and whatever the list does can be undone.
 */
import Modeler from 'bpmn-js/lib/Modeler';
import 'bpmn-js/dist/assets/diagram-js.css';
import behaviors from 'camunda-bpmn-js-behaviors/lib/camunda-cloud';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';
import { extension } from '../diagram/extensions';
import { type Flow, type Moddle, type Row, rows, type Shape } from './outline';
import { PLACES, type Setting, timer, timerOf } from './settings';

/** What can be put into a flow from the list. */
export const INSERTABLE = [
  'UserTask',
  'ServiceTask',
  'BusinessRuleTask',
  'ExclusiveGateway',
  'ParallelGateway',
  'IntermediateCatchEvent',
] as const;
export type Insertable = (typeof INSERTABLE)[number];

const GAP = 50;

export class Editing {
  readonly #frame = document.createElement('div');
  readonly #modeler: Modeler;
  #xml = '';

  constructor() {
    this.#frame.className = 'outline__workshop';
    this.#frame.setAttribute('aria-hidden', 'true');
    this.#frame.inert = true;
    document.body.append(this.#frame);
    this.#modeler = new Modeler({
      container: this.#frame,
      additionalModules: [behaviors],
      moddleExtensions: { zeebe },
    });
  }

  stop(): void {
    this.#modeler.destroy();
    this.#frame.remove();
  }

  /** Take up a diagram, unless it is the one that was given last. Rejects if it cannot be read. */
  async open(xml: string): Promise<boolean> {
    if (xml === this.#xml) return false;
    await this.#modeler.importXML(xml);
    this.#xml = xml;
    return true;
  }

  /** The diagram as it is now. */
  async xml(): Promise<string> {
    const { xml } = await this.#modeler.saveXML({ format: true });
    this.#xml = xml ?? this.#xml;
    return this.#xml;
  }

  rows(): Row[] {
    return rows(this.#registry.getAll() as Shape[]);
  }

  node(id: string): Moddle | undefined {
    return this.#shape(id)?.businessObject;
  }

  /** Lanes that have no lanes inside, top to bottom. */
  lanes(): { id: string; name: string }[] {
    return (this.#registry.getAll() as (Shape & { y: number })[])
      .filter(({ type, businessObject }) => type === 'bpmn:Lane' && !businessObject.childLaneSet)
      .sort((one, other) => one.y - other.y)
      .map(({ id, businessObject }) => ({ id, name: businessObject.name || id }));
  }

  rename(id: string, name: string): void {
    this.#modeling.updateProperties(this.#shape(id), { name });
  }

  set(id: string, name: Setting, text: string): void {
    const { type, property } = PLACES[name];
    const shape = this.#known(id);
    const found = extension(shape.businessObject, type);
    if (found)
      this.#modeling.updateModdleProperties(shape, found, { [property]: text || undefined });
    else if (text) this.#extend(shape, this.#factory.create(type, { [property]: text }));
  }

  setTimer(id: string, text: string): void {
    const shape = this.#known(id);
    const definition = timerOf(shape.businessObject);
    if (!definition) return;
    const property = timer(shape.businessObject)?.property ?? 'timeDuration';
    this.#modeling.updateModdleProperties(shape, definition, {
      [property]: this.#formula(text, definition),
    });
  }

  setCondition(flow: string, text: string): void {
    const shape = this.#known(flow);
    this.#modeling.updateProperties(shape, {
      conditionExpression: text ? this.#formula(text, shape.businessObject) : undefined,
    });
  }

  /** Put a step into another lane, at the same place along the flow. */
  move(id: string, lane: string): void {
    const shape = this.#known(id) as Drawn;
    const target = this.#known(lane) as Drawn;
    const y = target.y + target.height / 2 - (shape.y + shape.height / 2);
    this.#modeling.moveElements([shape], { x: 0, y }, target);
  }

  /**
   * Put a new step behind another: into the flow given, or, without one, at the end of a new one.
   * Gives the new step's id.
   */
  insert(kind: Insertable, name: string, after: string, flow: string | null): string {
    const source = this.#known(after) as Drawn;
    const shape = this.#create.createShape({
      type: `bpmn:${kind}`,
      ...(kind === 'IntermediateCatchEvent' && {
        eventDefinitionType: 'bpmn:TimerEventDefinition',
      }),
    }) as Drawn;
    this.#makeRoom(source, shape.width + GAP);
    const at = {
      x: source.x + source.width + GAP + shape.width / 2,
      y: source.y + source.height / 2,
    };
    const made = this.#modeling.createShape(shape, at, source.parent as Shape) as Shape;
    this.#join(source, made, flow);
    this.rename(made.id, name);
    return made.id;
  }

  connect(from: string, to: string): void {
    this.#modeling.connect(this.#known(from), this.#known(to));
  }

  /** Take a step out; where one way led in and one out, they become one. */
  remove(id: string): void {
    this.#modeling.removeElements([this.#known(id)]);
  }

  undo(): void {
    if (this.canUndo()) this.#get('commandStack').undo();
  }

  canUndo(): boolean {
    return this.#get('commandStack').canUndo();
  }

  #join(source: Shape, made: Shape, flow: string | null): void {
    const present = flow === null ? undefined : (this.#known(flow) as unknown as Flow & Shape);
    if (!present) {
      this.#modeling.connect(source, made);
      return;
    }
    this.#modeling.connect(made, present.target);
    // The present flow keeps its condition and now leads to the new step.
    this.#modeling.reconnectEnd(present, made, middle(made as Drawn));
  }

  /** Move all that stands to the right of a step further right. */
  #makeRoom(source: Drawn, delta: number): void {
    const start = source.x + source.width + 1;
    const all = (this.#registry.getAll() as Shape[]).filter(({ id }) => id !== '__implicitroot');
    const tool = this.#get('spaceTool');
    const { movingShapes, resizingShapes } = tool.calculateAdjustments(all, 'x', delta, start);
    tool.makeSpace(movingShapes, resizingShapes, { x: delta, y: 0 }, 'e', start);
  }

  #extend(shape: Shape, value: Moddle): void {
    const { extensionElements } = shape.businessObject;
    if (extensionElements) {
      value.$parent = extensionElements;
      this.#modeling.updateModdleProperties(shape, extensionElements, {
        values: [...extensionElements.values, value],
      });
      return;
    }
    const made = this.#factory.create('bpmn:ExtensionElements', { values: [value] });
    made.$parent = shape.businessObject;
    value.$parent = made;
    this.#modeling.updateProperties(shape, { extensionElements: made });
  }

  #formula(body: string, parent: Moddle): Moddle {
    const made = this.#factory.create('bpmn:FormalExpression', { body });
    made.$parent = parent;
    return made;
  }

  #shape(id: string): Shape | undefined {
    return this.#registry.get(id) as Shape | undefined;
  }

  #known(id: string): Shape {
    const shape = this.#shape(id);
    if (!shape) throw new Error(`there is no element "${id}"`);
    return shape;
  }

  // biome-ignore lint/suspicious/noExplicitAny: bpmn-js types few of its services
  #get(service: string): any {
    return this.#modeler.get(service);
  }

  get #registry() {
    return this.#get('elementRegistry');
  }

  get #modeling() {
    return this.#get('modeling');
  }

  get #factory() {
    return this.#get('bpmnFactory');
  }

  get #create() {
    return this.#get('elementFactory');
  }
}

interface Drawn extends Shape {
  x: number;
  y: number;
  width: number;
  height: number;
}

function middle({ x, y, width, height }: Drawn): { x: number; y: number } {
  return { x: x + width / 2, y: y + height / 2 };
}
