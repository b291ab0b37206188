"""A local stand-in of the sideband: plays recorded sessions on real websockets to whoever attaches."""
