project = 'Quick deploy'
author = 'Serving team'
extensions = ['sphinxcontrib_designnote']
