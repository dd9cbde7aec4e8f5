"""Forms: form-js schemas and the typed answers they yield. Pure; may use bpmn.feel."""
