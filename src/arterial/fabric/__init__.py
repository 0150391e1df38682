"""The network as integers and read-only arrays: names become indices here and nowhere else."""
