/** bpmn-js by itself, as bench/studio.py puts it beside the studio. */
import Modeler from 'bpmn-js/lib/Modeler';

export async function open(container: HTMLElement, xml: string): Promise<void> {
  await new Modeler({ container }).importXML(xml);
}
