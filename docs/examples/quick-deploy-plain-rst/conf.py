project = 'Quick deploy'
author = 'Serving team'
extensions = ['myst_parser', 'sphinxcontrib_designnote']
