//! The relying party against scripted providers.
