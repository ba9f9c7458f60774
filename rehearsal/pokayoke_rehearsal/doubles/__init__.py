"""Provider doubles: real Pulumi providers over a modelled cloud, one package each, served by the world process."""
