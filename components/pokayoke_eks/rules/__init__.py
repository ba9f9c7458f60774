"""Pure functions that decide: no Pulumi, no clock, no network. Config, policies and components ask the same ones."""
