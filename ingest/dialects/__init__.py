"""How each sender writes: parameters, frames and webhooks as drafts, whichever door brought them."""
