/** The rules that only the server has: what is inside FEEL, DMN and the XML itself. */
export const SERVER_ONLY: ReadonlySet<string> = new Set(
  (
    'bad-decision bad-feel bad-literal not-feel unknown-function unknown-name idle-notice ' +
    'duplicate-id no-id taken-id several-processes too-long too-many-elements too-much ' +
    'foreign-vendor unknown-element zeebe-unknown xml-doctype xml-too-large ' +
    'unsupported-correlationProperty unsupported-ioSpecification unsupported-loopCardinality ' +
    'unsupported-property'
  ).split(' '),
);
