/** `api_get_authorizer_info` for a mini program, captured 2022 (test of binarywang/WxJava), slightly shortened. */
export const miniProgramCapture = `{
  "authorizer_info": {
    "nick_name": "美妆饰品",
    "head_img": "http:\\/\\/wx.qlogo.cn\\/mmopen\\/…\\/0",
    "service_type_info": { "id": 0 }, "verify_type_info": { "id": -1 },
    "user_name": "gh_c43395cb652e", "alias": "",
    "qrcode_url": "http:\\/\\/mmbiz.qpic.cn\\/mmbiz_jpg\\/…\\/0",
    "business_info": { "open_pay": 0, "open_shake": 0, "open_scan": 0, "open_card": 0, "open_store": 0 },
    "idc": 1, "principal_name": "个人", "signature": "做美装，精美饰品等搭配教学",
    "MiniProgramInfo": {
      "network": {
        "RequestDomain": ["https:\\/\\/weixin.qq.com"], "WsRequestDomain": ["wss:\\/\\/weixin.qq.com"],
        "UploadDomain": ["https:\\/\\/weixin.qq.com"], "DownloadDomain": ["https:\\/\\/weixin.qq.com"],
        "BizDomain": [], "UDPDomain": [], "TCPDomain": [], "PrefetchDNSDomain": [],
        "NewRequestDomain": [], "NewWsRequestDomain": [], "NewUploadDomain": [], "NewDownloadDomain": [],
        "NewBizDomain": [], "NewUDPDomain": [], "NewTCPDomain": [], "NewPrefetchDNSDomain": []
      },
      "categories": [ { "first": "生活服务", "second": "丽人服务" } ],
      "visit_status": 0
    },
    "register_type": 0, "account_status": 1,
    "basic_config": { "is_phone_configured": true, "is_email_configured": true }
  },
  "authorization_info": {
    "authorizer_appid": "wx326eecacf7370d4e",
    "authorizer_refresh_token": "refreshtoken@@@RU0Sgi7bD6apS7frS9gj8Sbws7OoDejK9Z-cm0EnCzg",
    "func_info": [
      { "funcscope_category": { "id": 3 }, "confirm_info": { "need_confirm": 0, "already_confirm": 0, "can_confirm": 0 } },
      { "funcscope_category": { "id": 17 } },
      { "funcscope_category": { "id": 18 }, "confirm_info": { "need_confirm": 0, "already_confirm": 0, "can_confirm": 0 } }
    ]
  }
}`;

/** Sample of the page "getEffectiveServerDomain" in its valid form (model sample of SKIT.FlurlHttpClient.Wechat). */
export const documentedSample = `{ "errcode": 0, "errmsg": "ok",
  "mp_domain":        { "requestdomain": ["https://melody1.qq.com"], "wsrequestdomain": ["wss://melody2.qq.com"], "uploaddomain": ["https://melody3.qq.com"], "downloaddomain": ["https://melody4.qq.com"],
                        "udpdomain": ["udp://melody2.weixin.qq.com","udp://melody5.weixin.qq.com"], "tcpdomain": ["tcp://melody2.weixin.qq.com","tcp://melody6.weixin.qq.com"] },
  "third_domain":     { "requestdomain": ["https://melody1.qq.com"], "wsrequestdomain": ["wss://melody2.qq.com"], "uploaddomain": ["https://melody3.qq.com"], "downloaddomain": ["https://melody4.qq.com"],
                        "udpdomain": ["udp://melody2.weixin.qq.com","udp://melody5.weixin.qq.com"], "tcpdomain": ["tcp://melody2.weixin.qq.com","tcp://melody6.weixin.qq.com"] },
  "direct_domain":    { "requestdomain": ["https://melody1.qq.com"], "wsrequestdomain": ["wss://melody2.qq.com"], "uploaddomain": ["https://melody3.qq.com"], "downloaddomain": ["https://melody4.qq.com"],
                        "udpdomain": ["udp://melody5.weixin.qq.com"], "tcpdomain": ["tcp://melody6.weixin.qq.com"] },
  "effective_domain": { "requestdomain": ["https://melody1.qq.com"], "wsrequestdomain": ["wss://melody2.qq.com"], "uploaddomain": ["https://melody3.qq.com"], "downloaddomain": ["https://melody4.qq.com"],
                        "udpdomain": ["udp://melody2.weixin.qq.com","udp://melody5.weixin.qq.com"], "tcpdomain": ["tcp://melody2.weixin.qq.com","tcp://melody6.weixin.qq.com"] } }`;

/** The same sample as the English page prints it: one comma became a word of the translator. */
export const brokenSample = `{
    "errcode": 0,
    "errmsg": "ok",
    "mp_domain": {
        "requestdomain": [
            "https://melody1.qq.com"
        ],
        "wsrequestdomain": [
            "wss://melody2.qq.com"
        ],
        "uploaddomain": [
            "https://melody3.qq.com"
        ],
        "downloaddomain": [
            "https://melody4.qq.com"
        ],
        "udpdomain": [
            "udp://melody2.WeChat.qq.com",
            "udp://melody5.WeChat.qq.com"
        ],
        "tcpdomain": [
            "tcp://melody2.WeChat.qq.com",
            "tcp://melody6.WeChat.qq.com"
        ]
    },
    "third_domain": {
        "requestdomain": [
            "https://melody1.qq.com"
        ],
        "wsrequestdomain": [
            "wss://melody2.qq.com"
        ],
        "uploaddomain": [
            "https://melody3.qq.com"
        ],
        "downloaddomain": [
            "https://melody4.qq.com"
        ],
        "udpdomain": [
            "udp://melody2.WeChat.qq.com",
            "udp://melody5.WeChat.qq.com"
        ],
        "tcpdomain": [
            "tcp://melody2.WeChat.qq.com",
            "tcp://melody6.WeChat.qq.com"
        ]
    },
    "direct_domain": {
        "requestdomain": [
            "https://melody1.qq.com"
        ],
        "wsrequestdomain": [
            "wss://melody2.qq.com"
        ],
        "uploaddomain": [
            "https://melody3.qq.com"
        ],
        "downloaddomain": [
            "https://melody4.qq.com"
        ]初始值
        "udpdomain": [
            "udp://melody5.WeChat.qq.com"
        ],
        "tcpdomain": [
            "tcp://melody6.WeChat.qq.com"
        ]
    },
    "effective_domain": {
        "requestdomain": [
            "https://melody1.qq.com"
        ],
        "wsrequestdomain": [
            "wss://melody2.qq.com"
        ],
        "uploaddomain": [
            "https://melody3.qq.com"
        ],
        "downloaddomain": [
            "https://melody4.qq.com"
        ],
        "udpdomain": [
            "udp://melody2.WeChat.qq.com",
            "udp://melody5.WeChat.qq.com"
        ],
        "tcpdomain": [
            "tcp://melody2.WeChat.qq.com",
            "tcp://melody6.WeChat.qq.com"
        ]
    }
}`;
