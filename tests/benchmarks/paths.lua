-- For wrk: asks for each address of a file in its turn.
local paths, turn = {}, 0
function init(args)
  for line in io.lines(args[1]) do paths[#paths + 1] = line end
end
function request()
  turn = turn % #paths + 1
  return wrk.format(nil, paths[turn])
end
