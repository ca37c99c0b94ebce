"""The page. Draws sessions and sends actions; decides nothing, and knows the engine by its public names only."""
