// A single-page application, written as the documentation of npm oidc-client-ts
// shows it. Each button is one call of the library; what it returns or throws is
// shown below.

const { UserManager, WebStorageStateStore } = globalThis.oidc;

const manager = new UserManager({
  ...(await (await fetch("/settings.json")).json()),
  redirect_uri: `${location.origin}/callback`,
  post_logout_redirect_uri: `${location.origin}/goodbye`,
  loadUserInfo: true,
  automaticSilentRenew: false,
  userStore: new WebStorageStateStore({ store: sessionStorage }),
});

const buttons = {
  "Sign in": () => manager.signinRedirect(),
  "Sign in in a window": () => manager.signinPopup(),
  "Renew": () => manager.signinSilent(),
  "Forget me": () => manager.removeUser(),
  "Fetch keys": () => manager.metadataService.getSigningKeys(),
  "Revoke": () => manager.revokeTokens(),
  "Sign out": () => manager.signoutRedirect({ state: "what was open" }),
};

/** What happens on the pages that the provider leads back to. */
const arrivals = {
  "/callback": () => manager.signinCallback(),
  "/goodbye": () => manager.signoutCallback(),
};

async function show(call) {
  const status = document.querySelector("[role=status]");
  status.textContent = "";
  try {
    status.textContent = JSON.stringify({ done: (await call()) ?? null });
  } catch (error) {
    status.textContent = JSON.stringify({ failed: error.error ?? error.message });
  }
}

for (const [name, call] of Object.entries(buttons)) {
  const button = document.createElement("button");
  button.textContent = name;
  button.onclick = () => show(call);
  document.querySelector("#buttons").append(button);
}
await show(arrivals[location.pathname] ?? (() => manager.getUser()));
