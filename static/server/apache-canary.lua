-- The canary's answers that Apache gives by mod_lua; see apache.conf.

-- What a client sends is put into JSON only when it cannot end the string.
local function quoted(value)
    if value == nil or value == "" then
        return "null"
    end
    if #value > 300 or value:find("[^A-Za-z0-9 ()%[%].,:;/_+=@*-]") then
        return '"unreadable"'
    end
    return '"' .. value .. '"'
end

function canary(r)
    local nonce = r:parseargs().nonce
    if type(nonce) ~= "string" or #nonce > 64 or not nonce:find("^[A-Za-z0-9_-]+$") then
        return 400
    end
    r.content_type = "application/json"
    r:write('{"clearline":1,"nonce":"' .. nonce .. '"'
        .. ',"address":' .. quoted(r.useragent_ip)
        .. ',"time":"' .. os.date("!%Y-%m-%dT%H:%M:%SZ") .. '"'
        .. ',"via":' .. quoted(r.headers_in["Via"])
        .. ',"forwarded":' .. quoted(r.headers_in["X-Forwarded-For"])
        .. ',"tls":{"protocol":' .. quoted(r:ssl_var_lookup("SSL_PROTOCOL"))
        .. ',"cipher":' .. quoted(r:ssl_var_lookup("SSL_CIPHER"))
        .. ',"ciphers":null,"curves":null}}')
    return apache2.OK
end

-- A browser reads a TLS record when all of it is there, and on 60 kbit/s Apache's usual 8 kB take a second: over
-- HTTP/1.1 what is flushed is a record, and with its overhead this one fits a TCP segment.
local PIECE = 1380

function bytes(r)
    local n = r:parseargs().n
    local left = type(n) == "string" and #n <= 7 and n:find("^[0-9]+$") and tonumber(n)
    if not left or left > 4000000 then
        return 400
    end
    local file = io.open(r.document_root .. "/server/bytes/4000000.bin", "rb")
    if not file then
        return 500
    end
    r.content_type = "application/octet-stream"
    r.headers_out["Content-Length"] = n
    while left > 0 do
        local piece = file:read(math.min(left, PIECE))
        if not piece or r:write(piece) < 0 then
            break
        end
        r:flush()
        left = left - #piece
    end
    file:close()
    return apache2.OK
end

-- Apache itself would answer over HTTP/2 before the body has arrived, and an upload would look faster than the line.
function sink(r)
    r:requestbody()
    r.status = 204
    return apache2.OK
end
