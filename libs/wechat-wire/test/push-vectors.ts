/**
 * Push vectors recomputed from published sources. `encrypt` decrypts with `aesKey` to `plaintext` and `receiveId`;
 * `random`, `plaintext` and `receiveId` encrypt to `encrypt` byte for byte. An absent field is not part of the vector.
 */
export interface PushVector {
  id: string;
  /** where it was published: a WeChat page, or the test file of a public SDK */
  source: string;
  token: string;
  aesKey?: string;
  receiveId?: string;
  timestamp?: string;
  nonce?: string;
  encrypt?: string;
  msgSignature?: string;
  signature?: string;
  random?: string;
  pad?: number;
  plaintext?: string;
}

/** Vectors of WeChat pages and public SDK tests. */
export const publishedVectors: readonly PushVector[] = [
  {
    id: 'P1',
    source: 'JeffreySu/WeiXinMPSDK ThirdPartyMessageHandlerTest.UnAuth',
    token: 'senparc',
    aesKey: '0123456789012345678901234567890123456789012',
    receiveId: 'wxbbd3f07e2945cf2a',
    timestamp: '1436876197',
    nonce: '1879066412',
    encrypt:
      '7d7R2gPF37VXWzQoveo4Ts2xG4iuOS3gwJ3kbc56PBL40BY6uHNjvlBrvaw3LqS4Th3Z93DIOjs7Yhlv8YW72oh1ARDuR0aXUTySTXQ8CWJWVz7VNWruFT25hfGBOnPlNW1GJyV5l8LLoIIasaiWJbteqEfgCW7ehwL8F7kTNClFaiFrS7AzlK6DMR4gMBdL0b0mfpfp8bfEkPmEcy/ARQiQBTwXz/NhxBvHTFGtKIv3VYR+ZztzoV1wVc/nXBg/FhvW7fzQRsqbCBZ2gegRwfz5j10HPB5rfjaZjO4fvEsx8V2/rTICtcUxkMV1GO5cgbasw/FEIDCH2NAUl/ht0w==',
    msgSignature: '346f1ed0ed84e80342072f2b88e2f4f018b8c79d',
    signature: '6cd59ed9ca88d3993475bd4960052c5e5204391e',
    random: '7b1c479310a7c12d',
    pad: 15,
    plaintext:
      '<xml><AppId><![CDATA[wxbbd3f07e2945cf2a]]></AppId>\n<CreateTime>1436876196</CreateTime>\n<InfoType><![CDATA[unauthorized]]></InfoType><AuthorizerAppid><![CDATA[wx570bc396a51b8ff8]]></AuthorizerAppid></xml>',
  },
  {
    id: 'P2',
    source: 'JeffreySu/WeiXinMPSDK ThirdPartyMessageHandlerTest.Ticket',
    token: 'senparc',
    aesKey: '0123456789012345678901234567890123456789012',
    receiveId: 'wxbbd3f07e2945cf2a',
    timestamp: '1436881222',
    nonce: '296318614',
    encrypt:
      '/RWeOUN4J839ynYH960Duj2k0WwvSfwq2dBFQ1NG78v9CZKbiCk5F8Fq/RGV0oFALoy+2L7KDe+1EbitZK7T4KtHMxntcEeQDxhWGdbeyTYJStcl7pudKA/ltfPP2nDbMrvmdl6JAX/XY4El0XEaYMrxegU3B1aUMZJ1GDjz9pIFv5+DPWj2mf7mhwIKcJSfeMctifS5UyJHKmIM+gnPQjtcKsVdnjaLckEScUsKKTygeG9IOtWFfE720W6g5UfOg3yxPFCUrqjWKRTue7g0yT0vQyb0L5cODKh1bCjIRcgikJsRVo3tAX1QO/CrHzKEEDqaD3Rx1hRkvRl/2KQlFd/DkhOzWp1LmpsCZQiNj0Fdc41aVleaFrwUQ8svg9Wt2iJLDhdqlz1Us2Pb6Ayx3dJLhXtb4ynJGsPFq0N8RrCuLgU391BpAiga5JBcjzS50pfvBBEEPQDyAE7znPphrA==',
    msgSignature: '066523677e42a15c64a725ba0058cd7651174624',
    signature: '60d1ddec039f51cc8c7ee4ea9ae9a479dd7c7d01',
    random: '975d750afe6d0afe',
    pad: 9,
    plaintext:
      '<xml><AppId><![CDATA[wxbbd3f07e2945cf2a]]></AppId>\n<CreateTime>1436881222</CreateTime>\n<InfoType><![CDATA[component_verify_ticket]]></InfoType>\n<ComponentVerifyTicket><![CDATA[ticket@@@hXh2446N-P9OOZqW4EeuPO9zFXEnAz5Vzc0JaWczBkIqcw2javRF0C_VVdwVYrEwyw1xHOiui7gB0WqKaYPMUQ]]></ComponentVerifyTicket>\n</xml>',
  },
  {
    id: 'P3',
    source: 'WeChat page "message push"',
    token: 'AAAAA',
    aesKey: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    receiveId: 'wx134c8103faa5a59e',
    timestamp: '1715943329',
    nonce: '1590219412',
    encrypt:
      'D7yzvUNAL930rd28wf21s4hvXhz0L6Uit/p2Di6C5DHyYGpEgdBRnKjBec34JwoQXicwaZC7fOVihW80F4VtsdvE//1vr7oAbqjDv8KenVp+ajKYpJnyQ4zMRhIC+a31fCVOMC03FfzV/QuC94kBP55a+Za3sJgvAn+ZbsNqZI5DkyuzkhQN8OBqCzFhizGmy0xpM0MEA4agpvE+RuNO1rhHTtuJB5yltw1FiYzecSXJ+y/D2r81VkRn2eYjh2ltsoyfbDR7Is6ookXIFxTfyeNyeHxMeT4KN5WpCDmSbTcUYrbBUlkGLJ9n/rU8YOywma6G7aTb7KZKOqCxgfoUlYEZPk4FUL/TK7ShriFDMVCLyjQJ15Ob++agDWtcxhfUfe6HIoIpRW8mKNBQiY/Jd1svvuskA1wLef1RTtzKfMpagSCX/laZINmdnX4zrF6kIaR9P4xQrWXbsTFHTYe0Mg==',
    msgSignature: '6c12a4205838198b8fa631b3220723bb07f1015c',
    signature: 'cc0c594499c1634947d5b502f158ee518947db27',
    random: '1205899eaf019bbd',
    pad: 22,
    plaintext:
      '<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName>\n<FromUserName><![CDATA[o9AgO5Kd5ggOC-bXrbNODIiE3bGY]]></FromUserName>\n<CreateTime>1715943329</CreateTime>\n<MsgType><![CDATA[event]]></MsgType>\n<Event><![CDATA[debug_demo]]></Event>\n<debug_str><![CDATA[hello world]]></debug_str>\n</xml>',
  },
  {
    id: 'P4',
    source: 'WeChat page "message push"',
    token: 'AAAAA',
    aesKey: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    receiveId: 'wx134c8103faa5a59e',
    timestamp: '1713424427',
    nonce: '415670741',
    encrypt:
      'hE8R6mGXHkJJjU72KxzKUd1GEkKJaEZq7vRL8XgK3o+00k8JGq6+pZJUIlTSyhsX+bxIBQ72g3GyvDdIZcr6+3HAZbSvPT9t/o11MI7d6WELwqrGd7jMnV0zv3Zc9Nq7',
    msgSignature: '03e0812039325c2712ef5f0f980fd14c70d6e307',
    random: '999951349e8ee746',
    pad: 6,
    plaintext: '<xml><demo_resp>[CDATA[good luck]]</demo_resp></xml>',
  },
  {
    id: 'S1',
    source: 'mini program 消息推送 page',
    token: 'AAAAA',
    timestamp: '1714036504',
    nonce: '1514711492',
    signature: 'f464b24fc39322e44b38aa78f5edd27bd1441696',
  },
  {
    id: 'E1',
    source: 'w7corp/easywechat EncryptorTest (also node-easywechat)',
    token: 'pamtest',
    aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
    receiveId: 'wxb11529c136998cb6',
    timestamp: '1458300676',
    nonce: '260774613',
    encrypt:
      'rTNFcsut4LfGuAFKEUVVpwcaCOTJzOd9twZdIW910jb3k+iicx2uvhttIZ3Qg9Qgty3BEF2xbOrz6boTfb30dMomcgrkTqdFPwnhqbk+kIQ7rZiwny9D7NUrTgA5kpX3KsZvrXzUZyP2x9YOlxbgm572lmxKvM7HAQQhIQ/p6HBmoY30bGXFK0BtIu1pW9TjhOYrLQoU18nWYjWqDA1ynkmOytpv7QRI1P1+0NoxL0q2zO1DgeSvnE8CZGo/o5Ap/WHK5W2RAsinpzN4/LjPnmB6U01I5XCoJoC0GK/yMZycd2Oh8Nq6+wBkC1U85oy0ktOY4nLvsQMLrourmMGdZHuTbqpeJ8Ao/5PRYJ+WBvRUwPfGKBL2+2IKZF49vAJqkcGWSHGE76ZN2erXeuNazf/o9o3lIE3q739o4c8t9QGPe31GT2Go/rOz1BsrASwvauNulCh+++yz+CQzBIuikA==',
    msgSignature: '4f3ad57b6989f09f4eb392acce4f9e93942ed890',
    random: 'd43123b161a4ba84',
    pad: 21,
    plaintext:
      '<xml><URL><![CDATA[http://wechat.laravel.so/server]]></URL><ToUserName><![CDATA[asdasdasd]]></ToUserName><FromUserName><![CDATA[asdasdasdsadasd]]></FromUserName><CreateTime>1234567898</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[hello]]></Content><MsgId>12345</MsgId></xml>',
  },
  {
    id: 'W1',
    source: 'binarywang/WxJava WxCryptUtilTest',
    token: 'pamtest',
    aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
    receiveId: 'wxb11529c136998cb6',
    encrypt: 'jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==',
    random: 'aaaabbbbccccdddd',
    pad: 7,
    plaintext: '我是中文abcd123',
  },
  {
    id: 'W2',
    source: 'binarywang/WxJava WxCryptUtilTest',
    token: 'pamtest',
    aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
    receiveId: 'wxb11529c136998cb6',
    encrypt:
      'jn1L23DB+6ELqJ+6bruv23M2GmYfkv0xBh2h+XTBOKVKcgDFHle6gqcZ1cZrk3e1qjPQ1F4RsLWzQRG9udbKWesxlkupqcEcW7ZQweImX9+wLMa0GaUzpkycA8+IamDBxn5loLgZpnS7fVAbExOkK5DYHBmv5tptA9tklE/fTIILHR8HLXa5nQvFb3tYPKAlHF3rtTeayNf0QuM+UW/wM9enGIDIJHF7CLHiDNAYxr+r+OrJCmPQyTy8cVWlu9iSvOHPT/77bZqJucQHQ04sq7KZI27OcqpQNSto2OdHCoTccjggX5Z9Mma0nMJBU+jLKJ38YB1fBIz+vBzsYjrTmFQ44YfeEuZ+xRTQwr92vhA9OxchWVINGC50qE/6lmkwWTwGX9wtQpsJKhP+oS7rvTY8+VdzETdfakjkwQ5/Xka042OlUb1/slTwo4RscuQ+RdxSGvDahxAJ6+EAjLt9d8igHngxIbf6YyqqROxuxqIeIch3CssH/LqRs+iAcILvApYZckqmA7FNERspKA5f8GoJ9sv8xmGvZ9Yrf57cExWtnX8aCMMaBropU/1k+hKP5LVdzbWCG0hGwx/dQudYR/eXp3P0XxjlFiy+9DMlaFExWUZQDajPkdPrEeOwofJb',
    random: 'aaaabbbbccccdddd',
    pad: 7,
    plaintext:
      '<xml><ToUserName><![CDATA[oia2Tj我是中文jewbmiOUlr6X-1crbLOvLw]]></ToUserName><FromUserName><![CDATA[gh_7f083739789a]]></FromUserName><CreateTime>1407743423</CreateTime><MsgType><![CDATA[video]]></MsgType><Video><MediaId><![CDATA[eYJ1MbwPRJtOvIEabaxHs7TX2D-HV71s79GUxqdUkjm6Gs2Ed1KF3ulAOA9H1xG0]]></MediaId><Title><![CDATA[testCallBackReplyVideo]]></Title><Description><![CDATA[testCallBackReplyVideo]]></Description></Video></xml>',
  },
  {
    id: 'K1',
    source: 'node-webot/wechat-crypto',
    token: 'RMNlACHlV5ThzfRlVS4D4',
    timestamp: 'timestamp',
    nonce: 'nonce',
    encrypt: 'encrypt',
    msgSignature: '8edac0945683c119ee71c9f6256d76c48aa08a96',
  },
];

/** Made for the padding edges 32, 16 and 17, which no published vector reaches. */
export const syntheticVectors: readonly PushVector[] = [
  {
    id: 'X1',
    source: 'synthetic',
    token: 'synthetictoken',
    aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
    receiveId: 'wx0123456789abcdef',
    timestamp: '1700000000',
    nonce: '1234567890',
    encrypt:
      'Q3stYC6hdFzMh9T8HCvyDGFPLSsDp9tP7ud2F6vvLNHHe+zJnNLhwfmH7a0VJBODArsiKxP+MPrwsDLa/C/oHGsfcIsqhvrH2vpWa0iofl3NQR4HGtoIhUf5ceWejDWl1D9YkQ6cv2UtyGSxbehjY2VyN5HmUtFp4vfZElDzLCw=',
    msgSignature: '9927282477fb4bb5b0f8d3f105fe4dc03c2085b1',
    random: '0123456789abcdef',
    pad: 32,
    plaintext: '<xml><A>xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx</A></xml>',
  },
  {
    id: 'X2',
    source: 'synthetic',
    token: 'synthetictoken',
    aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
    receiveId: 'wx0123456789abcdef',
    timestamp: '1700000000',
    nonce: '1234567890',
    encrypt:
      'Q3stYC6hdFzMh9T8HCvyDEHmOybToq7tngRERKht2IaA3VlSB30IMzjgofKtk/r6WTA2jCX9wqretyOGezSYClo6CjvdOgMSuNbjhBBlcfrcBDLoYqszwfG5pojLYdzOEJLacGlkvcgP8d6AH/puuAdeXyLwAhpiUqFd9ZZ+7Zo=',
    msgSignature: 'deef5dfeade829a9466442cb6a8d7773194069ef',
    random: '0123456789abcdef',
    pad: 16,
    plaintext: '<xml><A>xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx</A></xml>',
  },
  {
    id: 'X3',
    source: 'synthetic',
    token: 'synthetictoken',
    aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
    receiveId: 'wx0123456789abcdef',
    timestamp: '1700000000',
    nonce: '1234567890',
    encrypt:
      'Q3stYC6hdFzMh9T8HCvyDFigd+1khrY2VqQKJ3gmGwHb5vil658oHkpzimyV/hjqWxNkAiac6Q2YiORMynGxl2F9C8j2YCEPdXknwsQsvZRYIJsHxuXILyfj7a0HYpThfVyiLBX4CKOx0Tb3NZEq/Ln98hMxv0YJ42sP5LkZ8hg=',
    msgSignature: '06ccb8883b744140d8fe7ae46ff0a27ee6b08fb9',
    random: '0123456789abcdef',
    pad: 17,
    plaintext: '<xml><A>xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx</A></xml>',
  },
];
