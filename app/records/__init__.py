"""病历资料 uploaded with an application: JPEG, PNG and PDF."""
