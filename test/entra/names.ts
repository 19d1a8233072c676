/** A name as people write it, and a Latin form for user names. */
export type Name = readonly [written: string, latin: string]

/** Names of one language. */
export type Script = {
  language: string
  familyFirst: boolean
  given: readonly Name[]
  family: readonly Name[]
}

export const scripts: readonly Script[] = [
  {
    language: 'en-GB',
    familyFirst: false,
    given: [
      ['Adele', 'adele'],
      ['Siân', 'sian'],
      ['D’Arcy', 'darcy'],
      ['William "Bill"', 'bill'],
    ],
    family: [
      ["O'Brien", "o'brien"],
      ['Vance-Hill', 'vance-hill'],
      ['Smith & Jones', 'smith.jones'],
      ['St. John', 'stjohn'],
    ],
  },
  {
    language: 'de-DE',
    familyFirst: false,
    given: [
      ['Jürgen', 'juergen'],
      ['Käthe', 'kaethe'],
      ['Änne', 'aenne'],
    ],
    family: [
      ['Groß', 'gross'],
      ['Müller-Lüdenscheidt', 'mueller-luedenscheidt'],
      ['von der Höhe', 'vonderhoehe'],
    ],
  },
  {
    language: 'pl-PL',
    familyFirst: false,
    given: [
      ['Łukasz', 'lukasz'],
      ['Żaneta', 'zaneta'],
      ['Grażyna', 'grazyna'],
    ],
    family: [
      ['Brzęczyszczykiewicz', 'brzeczyszczykiewicz'],
      ['Wójcik', 'wojcik'],
      ['Źródłowski', 'zrodlowski'],
    ],
  },
  {
    language: 'tr-TR',
    familyFirst: false,
    given: [
      ['İpek', 'ipek'],
      ['Işıl', 'isil'],
      ['Çağrı', 'cagri'],
    ],
    family: [
      ['Yıldırım', 'yildirim'],
      ['Güneş', 'gunes'],
      ['Şahin', 'sahin'],
    ],
  },
  {
    language: 'vi-VN',
    familyFirst: true,
    given: [
      ['Thị Hồng', 'hong'],
      ['Đức', 'duc'],
      ['Ngọc Ánh', 'ngocanh'],
    ],
    family: [
      ['Nguyễn', 'nguyen'],
      ['Trần', 'tran'],
      ['Đặng', 'dang'],
    ],
  },
  {
    language: 'bg-BG',
    familyFirst: false,
    given: [
      ['Георги', 'georgi'],
      ['Юлия', 'yulia'],
      ['Любомир', 'lyubomir'],
    ],
    family: [
      ['Иванов', 'ivanov'],
      ['Жекова', 'zhekova'],
      ['Щерев', 'shterev'],
    ],
  },
  {
    language: 'el-GR',
    familyFirst: false,
    given: [
      ['Ελένη', 'eleni'],
      ['Νίκος', 'nikos'],
      ['Οδυσσέας', 'odysseas'],
    ],
    family: [
      ['Παπαδόπουλος', 'papadopoulos'],
      ['Αγγέλου', 'angelou'],
      ['Ξενάκης', 'xenakis'],
    ],
  },
  {
    language: 'ar-EG',
    familyFirst: false,
    given: [
      ['محمد', 'mohamed'],
      ['فاطمة', 'fatma'],
      ['أحمد', 'ahmed'],
    ],
    family: [
      ['عبد الرحمن', 'abdelrahman'],
      ['المصري', 'elmasry'],
      ['حُسَيْن', 'hussein'],
    ],
  },
  {
    language: 'he-IL',
    familyFirst: false,
    given: [
      ['נועה', 'noa'],
      ['יעקב', 'yaakov'],
      ['שירה', 'shira'],
    ],
    family: [
      ['כהן', 'cohen'],
      ['בן־דוד', 'bendavid'],
      ['צ׳רניחובסקי', 'tchernichovsky'],
    ],
  },
  {
    language: 'zh-CN',
    familyFirst: true,
    given: [
      ['伟', 'wei'],
      ['秀英', 'xiuying'],
      ['𠮷', 'ji'],
    ],
    family: [
      ['王', 'wang'],
      ['欧阳', 'ouyang'],
      ['龘', 'da'],
    ],
  },
  {
    language: 'ja-JP',
    familyFirst: true,
    given: [
      ['太郎', 'taro'],
      ['さくら', 'sakura'],
      ['ジョン', 'jon'],
    ],
    family: [
      ['髙橋', 'takahashi'],
      ['渡邉', 'watanabe'],
      ['佐藤', 'sato'],
    ],
  },
  {
    language: 'ko-KR',
    familyFirst: true,
    given: [
      ['민준', 'minjun'],
      ['서연', 'seoyeon'],
      ['하늘', 'haneul'],
    ],
    family: [
      ['김', 'kim'],
      ['남궁', 'namgung'],
      ['최', 'choi'],
    ],
  },
  {
    language: 'th-TH',
    familyFirst: false,
    given: [
      ['สมชาย', 'somchai'],
      ['กัญญา', 'kanya'],
      ['ณัฐวุฒิ', 'nattawut'],
    ],
    family: [
      ['ศรีสุข', 'srisuk'],
      ['วงศ์สวัสดิ์', 'wongsawat'],
      ['น้ำใจ', 'namjai'],
    ],
  },
  {
    language: 'hi-IN',
    familyFirst: false,
    given: [
      ['अनुष्का', 'anushka'],
      ['राहुल', 'rahul'],
      ['कृष्णा', 'krishna'],
    ],
    family: [
      ['शर्मा', 'sharma'],
      ['श्रीवास्तव', 'shrivastava'],
      ['त्रिपाठी', 'tripathi'],
    ],
  },
  {
    language: 'ka-GE',
    familyFirst: false,
    given: [
      ['ნინო', 'nino'],
      ['გიორგი', 'giorgi'],
    ],
    family: [
      ['ბერიძე', 'beridze'],
      ['ჯავახიშვილი', 'javakhishvili'],
    ],
  },
  {
    language: 'hy-AM',
    familyFirst: false,
    given: [
      ['Անահիտ', 'anahit'],
      ['Տիգրան', 'tigran'],
    ],
    family: [
      ['Հարությունյան', 'harutyunyan'],
      ['Սարգսյան', 'sargsyan'],
    ],
  },
]

/** Places with what breaks careless handling of text: newlines, commas, scripts, trailing blanks. */
export const places = [
  ['12 "Quay" Street, 3rd floor', 'London', 'LND', 'N1 1AA', 'GB', 'Building 3'],
  ['Straße des 17. Juni 135', 'Berlin', 'BE', '10623', 'DE', 'H 3010 / A&B'],
  ['ул. „Граф Игнатиев“ 10', 'София', 'София-град', '1000', 'BG', 'Етаж 5 '],
  ['千代田1-1\n皇居外苑', '東京', '千代田区', '100-0001', 'JP', '本社ビル 7F'],
  ['شارع التحرير ١٢', 'القاهرة', 'القاهرة', '11511', 'EG', 'مكتب ٣'],
  ['C:\\Campus\\North', 'Iași', 'IS', '700506', 'RO', '\\\\hall\\2'],
  ['1 <Main> Street; DROP TABLE users', "Coeur d'Alene", 'ID', '83814', 'US', "O'Hare \\ 'B'"],
] as const

export const titles = [
  'Engineer',
  'Sales Manager (EMEA) & "Key Accounts"',
  'Chef d’équipe – façade',
  'C++ / C# developer \\ architect',
  'Lead 👩🏽‍💻 of 🚀 things',
  'מנהלת 50% + נציגת "שירות"',
  ' leading and trailing blanks ',
  'Directeur\tR&D',
  'null',
  'e\u0301 decomposed, é composed',
] as const

export const departments = [
  'R&D',
  'Sales',
  'Продажби',
  '営業部',
  'Finance "North"',
  'IT\\Operations',
  'Human Resources',
  'Qualität',
] as const

export const groupNames = [
  'All staff',
  'Nobody yet',
  'Sales EMEA',
  'R&D "core"',
  'Façade planners',
  'Проектанти',
  '営業チーム',
  'فريق المبيعات',
  "Site managers' club",
  'C:\\Builders\\Night',
  '50% + more',
  '🚧 On site',
  'Administrators',
  'Ελέγχου',
] as const
