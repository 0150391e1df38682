"""Where model replicas stand: each market near one edge, and near another when that one is lost."""
