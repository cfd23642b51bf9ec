"""The page cache: whole public pages in memory, right to the second, answered before Django.

addresses  which parameters a page really has: one entry a canonical address
entries    what is kept of an answer, and how it is answered at a moment
shelves    as much as there is room for, the hot before what was asked for once
horizon    the edition, and the next moments at which anything starts or ends
machine    one render a machine: a lock and a shelf between its processes
page_cache what is served, what is rendered, and what is never served again
"""
