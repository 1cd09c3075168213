// Asks the server of this container whether it is well; exit code 0 says yes. Plain JavaScript, so that it starts at once.
import { get as getHttp } from 'node:http'
import { get as getHttps } from 'node:https'

const isTls = (process.env.BIRTHLINE_HTTP_TLS_CERT ?? '') !== ''
const port = process.env.BIRTHLINE_HTTP_PORT || '8480'
const { BIRTHLINE_HTTP_TOKENS: tokens = '' } = process.env
const options = {
  ...{ host: '127.0.0.1', port, path: '/health', timeout: 4000 },
  headers: tokens === '' ? {} : { authorization: `Bearer ${tokens.split(',')[0]}` },
  // The certificate is made for the public name, and this is the same machine.
  rejectUnauthorized: false,
}
const asked = (isTls ? getHttps : getHttp)(options, response => {
  response.resume()
  response.on('end', () => process.exit(response.statusCode === 200 ? 0 : 1))
})
asked.on('timeout', () => asked.destroy(new Error('no answer in time')))
asked.on('error', error => {
  console.error(`birthline: ${error.message}`)
  process.exit(1)
})
