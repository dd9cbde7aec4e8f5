"""The product: one folder a feature, put together by create_app."""
